extension JSONValue: ExpressibleByStringLiteral, ExpressibleByBooleanLiteral,
  ExpressibleByIntegerLiteral, ExpressibleByDictionaryLiteral, ExpressibleByArrayLiteral,
  ExpressibleByNilLiteral
{
  package init(stringLiteral text: String) { self = .string(text) }
  package init(booleanLiteral flag: Bool) { self = .boolean(flag) }
  package init(integerLiteral number: Int) { self = .number("\(number)") }
  package init(nilLiteral: ()) { self = .null }
  package init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
  package init(dictionaryLiteral members: (String, JSONValue)...) {
    self = .object(members.map { Member($0, $1) })
  }

  /// A number, or `null` without one.
  package static func optional(_ number: Int?) -> JSONValue {
    number.map { .number("\($0)") } ?? nil
  }

  /// A string, or `null` without one.
  package static func optionalText(_ text: String?) -> JSONValue { text.map { .string($0) } ?? nil }

  /// A number spelt as shortly as float32 or else float64 allows.
  package static func real(_ number: Double) -> JSONValue {
    let narrow = Float(number)
    return .number(Double(narrow) == number ? "\(narrow)" : "\(number)")
  }

  /// Sets a member of an object where it stands, or at the end; `nil` removes it.
  ///
  /// - Parameters:
  ///   - key: The key.
  ///   - value: Its value.
  package mutating func set(_ key: String, _ value: JSONValue?) {
    var members = self.members ?? []
    let place = members.firstIndex { $0.key == key }
    members.removeAll { $0.key == key }
    if let value { members.insert(Member(key, value), at: place ?? members.count) }
    self = .object(members)
  }
}
