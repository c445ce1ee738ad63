/// Whether one user changes, deletes or acts on what another made (API1); then the owner looks.
struct ObjectWriteCheck: OperationCheck {
  static let name = "object-write"

  func applies(to operation: Operation, in scan: isolated Scan) -> Bool {
    scan.users.count >= 2 && !operation.isRead && operation.path.contains("{")
      && !scan.isLogin(operation) && scan.wants(.objectWrite, at: operation)
      && !ObjectWriteCheck.isForOthers(operation)
  }

  /// Words for what is done to things of others, as it should be.
  private static let social: Set<String> = [
    "favorite", "favourite", "like", "unlike", "follow", "unfollow", "star", "vote", "upvote",
    "downvote", "comment", "rate", "rating", "review", "subscribe", "unsubscribe", "bookmark",
    "report", "flag", "join", "leave", "reply", "react", "reaction", "watch", "follower",
    "message", "bid", "answer", "apply", "rsvp", "attend", "book", "buy", "purchase", "order",
  ]

  /// Whether an operation is for others than the owner by its last word, with what the path leads
  /// to before it.
  static func isForOthers(_ operation: Operation) -> Bool {
    guard !operation.isItem, let word = operation.segments.last else { return false }
    return social.contains(Names.singular(Names.noun(of: word)))
  }

  func examine(_ operation: Operation, in scan: isolated Scan) async {
    let who = scan.users.prefix(2).map(\.name)
    var steps: [FindingStep] = []
    for (owner, intruder) in [(who[0], who[1]), (who[1], who[0])] {
      guard let found = await ForeignObject.change(operation, of: owner, by: intruder, in: scan)
      else { return }
      steps += found
    }
    if await isOpenByDesign(operation, in: scan) { return }
    scan.report(
      .objectWrite, operation, operation.pathParameters.last?.name,
      "\(who[1]) changes what is \(who[0])'s, and the other way round", steps)
  }

  /// Whether nothing belongs to anybody: what is made and changed without a credential.
  private func isOpenByDesign(_ operation: Operation, in scan: isolated Scan) async -> Bool {
    guard !operation.isSecured, let last = operation.pathParameters.last else { return false }
    let collection = Scan.collection(of: last.name, in: operation.path)
    guard let creator = scan.creator(of: collection, last) else { return false }
    if scan.description.declaresSecurity { return !creator.isSecured }
    var markers: [String] = []
    var call = Call(creator, [:], as: nil)
    scan.complete(&call, for: creator)
    call.body = await scan.usualContent(of: creator, &markers, for: nil)
    guard creator.pathParameters.isEmpty, let answer = await scan.send(call) else { return false }
    return answer.isSuccess
  }
}
