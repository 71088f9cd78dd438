/// A type that a key's value can have.
protocol ConfigurationValue: Equatable {
  /// What is expected, in words for an error line: `a whole number`.
  static var noun: String { get }

  /// Reads the value.
  ///
  /// - Parameter node: What was written.
  /// - Returns: The value, or `nil` when it is of another type.
  static func read(_ node: ConfigurationNode) -> Self?

  /// Writes the value so that `read` gives it back.
  var node: ConfigurationNode { get }
}

extension ConfigurationValue {
  fileprivate static func bareText(_ node: ConfigurationNode) -> String? {
    guard case .scalar(let text, isQuoted: false) = node.content else { return nil }
    return text
  }

  fileprivate func bare(_ text: String) -> ConfigurationNode {
    ConfigurationNode(content: .scalar(text: text, isQuoted: false))
  }
}

extension Int: ConfigurationValue {
  static var noun: String { "a whole number" }
  static func read(_ node: ConfigurationNode) -> Int? { bareText(node).flatMap { Int($0) } }
  var node: ConfigurationNode { bare(String(self)) }
}

extension UInt64: ConfigurationValue {
  static var noun: String { "a whole number from 0 to 18446744073709551615" }
  static func read(_ node: ConfigurationNode) -> UInt64? { bareText(node).flatMap { UInt64($0) } }
  var node: ConfigurationNode { bare(String(self)) }
}

extension Double: ConfigurationValue {
  static var noun: String { "a number" }
  static func read(_ node: ConfigurationNode) -> Double? {
    bareText(node).flatMap { Double($0) }.flatMap { $0.isFinite ? $0 : nil }
  }
  var node: ConfigurationNode { bare(String(self)) }
}

extension Bool: ConfigurationValue {
  static var noun: String { "true or false" }
  static func read(_ node: ConfigurationNode) -> Bool? { bareText(node).flatMap { Bool($0) } }
  var node: ConfigurationNode { bare(String(self)) }
}

extension String: ConfigurationValue {
  static var noun: String { "a text" }
  static func read(_ node: ConfigurationNode) -> String? {
    guard case .scalar(let text, _) = node.content, !text.isEmpty, !node.isNull else { return nil }
    return text
  }
  var node: ConfigurationNode { .text(self) }
}

extension Array: ConfigurationValue where Element: ConfigurationValue {
  static var noun: String { "a list in brackets, each item \(Element.noun)" }
  static func read(_ node: ConfigurationNode) -> [Element]? {
    guard case .list(let items) = node.content else { return nil }
    let values = items.compactMap(Element.read)
    return values.count == items.count ? values : nil
  }
  var node: ConfigurationNode { ConfigurationNode(content: .list(map(\.node))) }
}

/// A choice between named options.
protocol ConfigurationChoice: ConfigurationValue, CaseIterable, RawRepresentable<String> {}

extension ConfigurationChoice {
  static var noun: String { "one of " + allCases.map(\.rawValue).joined(separator: ", ") }
  static func read(_ node: ConfigurationNode) -> Self? {
    guard case .scalar(let text, _) = node.content else { return nil }
    return Self(rawValue: text)
  }
  var node: ConfigurationNode { .text(rawValue) }
}
