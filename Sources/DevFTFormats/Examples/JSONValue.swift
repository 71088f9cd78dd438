/// One JSON value; objects keep the order and the exact spelling of their keys.
///
/// Foundation's reader keeps objects in dictionaries of `String`, which takes canonically equivalent
/// keys (the two spellings of `é`) for one key: a vocabulary read that way loses tokens. It also
/// rounds numbers; here a number stays as it is spelt.
package enum JSONValue: Hashable, Sendable {
  /// `null`.
  case null
  /// `true` or `false`.
  case boolean(Bool)
  /// A number, as it is spelt in the file.
  case number(String)
  /// A string, its escapes resolved.
  case string(String)
  /// An array.
  case array([JSONValue])
  /// An object, its members in the order of the file.
  case object([Member])

  /// A key and its value.
  package struct Member: Hashable, Sendable {
    /// The key.
    package var key: String
    /// The value.
    package var value: JSONValue

    /// Pairs a key with a value.
    ///
    /// - Parameters:
    ///   - key: The key.
    ///   - value: The value.
    package init(_ key: String, _ value: JSONValue) {
      self.key = key
      self.value = value
    }
  }
}

extension JSONValue {
  /// Looks a member up.
  ///
  /// - Parameter key: The key; of several equal ones the last counts.
  /// - Returns: The value, or `nil` when this is no object or has no such key.
  package subscript(key: String) -> JSONValue? { members?.last { $0.key == key }?.value }

  /// The string, or `nil` when this is none.
  package var text: String? { if case .string(let text) = self { text } else { nil } }

  /// The integer, or `nil` when this is none or it does not fit.
  package var integer: Int? { if case .number(let spelling) = self { Int(spelling) } else { nil } }

  /// The Boolean, or `nil` when this is none.
  package var boolean: Bool? { if case .boolean(let flag) = self { flag } else { nil } }

  /// The elements, or `nil` when this is no array.
  package var elements: [JSONValue]? {
    if case .array(let elements) = self { elements } else { nil }
  }

  /// The members, or `nil` when this is no object.
  package var members: [Member]? { if case .object(let members) = self { members } else { nil } }

  /// What kind of value this is, in words for messages.
  package var kind: String {
    switch self {
    case .null: "null"
    case .boolean: "a Boolean"
    case .number: "a number"
    case .string: "a string"
    case .array: "an array"
    case .object: "an object"
    }
  }
}
