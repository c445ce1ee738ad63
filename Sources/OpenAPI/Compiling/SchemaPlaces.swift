import Formats

/// Places of schemas within a description, each with a number.
struct SchemaPlaces {
  private(set) var all: [JSONPointer] = []
  private var numbers: [JSONPointer: Int] = [:]

  /// The number of a place, which is added if it is new.
  mutating func number(of place: JSONPointer) -> Int {
    if let known = numbers[place] { return known }
    numbers[place] = all.count
    all.append(place)
    return all.count - 1
  }
}
