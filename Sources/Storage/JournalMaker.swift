/// Makes the next entry of the journal from the last one, which is nil for the first.
public typealias JournalMaker = @Sendable (JournalEntry?) -> JournalEntry?
