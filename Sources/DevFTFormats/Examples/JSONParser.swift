/// Why bytes are not one JSON value.
package struct JSONError: Error, Hashable, Sendable {
  /// Offset of the byte that does not fit, from 0.
  package var offset: Int
  /// What was expected there.
  package var expected: String
  /// Whether the bytes end too early, rather than contradict the grammar.
  package var isTruncated: Bool
}

/// A strict reader of JSON (RFC 8259) from UTF-8 bytes.
///
/// Nothing but JSON is accepted: no comments, no trailing commas, no lone surrogates, no bytes that
/// are not UTF-8, no nesting deeper than 128.
package struct JSONParser {
  private static let greatestDepth = 128
  private let bytes: ArraySlice<UInt8>
  private var position: Int
  private var depth = 0

  private init(_ bytes: ArraySlice<UInt8>) {
    self.bytes = bytes
    position = bytes.startIndex
  }

  /// Reads exactly one value.
  ///
  /// - Parameter bytes: UTF-8, nothing but white space around the value.
  /// - Returns: The value.
  /// - Throws: `JSONError` with the offset of the first byte that does not fit.
  package static func parse(_ bytes: ArraySlice<UInt8>) throws(JSONError) -> JSONValue {
    var parser = JSONParser(bytes)
    let value = try parser.value()
    parser.skipWhitespace()
    guard parser.position == bytes.endIndex else { throw parser.failure("the end") }
    return value
  }

  private func failure(_ expected: String) -> JSONError {
    JSONError(
      offset: position - bytes.startIndex,
      expected: expected,
      isTruncated: position >= bytes.endIndex
    )
  }

  private var current: UInt8? { position < bytes.endIndex ? bytes[position] : nil }

  private mutating func skipWhitespace() {
    while let byte = current, byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09 {
      position += 1
    }
  }

  private mutating func take(_ byte: UInt8) -> Bool {
    guard current == byte else { return false }
    position += 1
    return true
  }

  private mutating func value() throws(JSONError) -> JSONValue {
    skipWhitespace()
    switch current {
    case UInt8(ascii: "{"): return try nested { parser throws(JSONError) in try parser.object() }
    case UInt8(ascii: "["): return try nested { parser throws(JSONError) in try parser.array() }
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try word("true", .boolean(true))
    case UInt8(ascii: "f"): return try word("false", .boolean(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    default: return .number(try number())
    }
  }

  private mutating func nested(
    _ body: (inout JSONParser) throws(JSONError) -> JSONValue
  ) throws(JSONError) -> JSONValue {
    guard depth < Self.greatestDepth else { throw failure("less nesting") }
    depth += 1
    position += 1
    let value = try body(&self)
    depth -= 1
    return value
  }

  private mutating func word(
    _ spelling: StaticString,
    _ value: JSONValue
  ) throws(JSONError) -> JSONValue {
    for byte in spelling.description.utf8 where !take(byte) { throw failure("a value") }
    return value
  }

  private mutating func object() throws(JSONError) -> JSONValue {
    var members: [JSONValue.Member] = []
    skipWhitespace()
    if take(UInt8(ascii: "}")) { return .object(members) }
    while true {
      skipWhitespace()
      let key = try string()
      skipWhitespace()
      guard take(UInt8(ascii: ":")) else { throw failure("':'") }
      members.append(.init(key, try value()))
      skipWhitespace()
      if take(UInt8(ascii: "}")) { return .object(members) }
      guard take(UInt8(ascii: ",")) else { throw failure("',' or '}'") }
    }
  }

  private mutating func array() throws(JSONError) -> JSONValue {
    var elements: [JSONValue] = []
    skipWhitespace()
    if take(UInt8(ascii: "]")) { return .array(elements) }
    while true {
      elements.append(try value())
      skipWhitespace()
      if take(UInt8(ascii: "]")) { return .array(elements) }
      guard take(UInt8(ascii: ",")) else { throw failure("',' or ']'") }
    }
  }
}

// MARK: Numbers

extension JSONParser {
  private mutating func number() throws(JSONError) -> String {
    let start = position
    guard let first = current, first == UInt8(ascii: "-") || isDigit(first) else {
      throw failure("a value")
    }
    _ = take(UInt8(ascii: "-"))
    if !take(UInt8(ascii: "0")) { try digits() }
    if take(UInt8(ascii: ".")) { try digits() }
    if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
      if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
      try digits()
    }
    return String(decoding: bytes[start..<position], as: UTF8.self)
  }

  private func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }

  private mutating func digits() throws(JSONError) {
    let start = position
    while let byte = current, isDigit(byte) { position += 1 }
    guard position > start else { throw failure("a digit") }
  }
}

// MARK: Strings

extension JSONParser {
  private mutating func string() throws(JSONError) -> String {
    guard take(UInt8(ascii: "\"")) else { throw failure("'\"'") }
    let start = position
    skipPlainBytes()
    if current == UInt8(ascii: "\"") {
      let plain = bytes[start..<position]
      position += 1
      return try text(plain, at: start)
    }
    var resolved = Array(bytes[start..<position])
    while !take(UInt8(ascii: "\"")) {
      guard take(UInt8(ascii: "\\")) else { throw failure("'\"' or an escape") }
      try escape(into: &resolved)
      let next = position
      skipPlainBytes()
      resolved += bytes[next..<position]
    }
    return try text(resolved[...], at: start)
  }

  private mutating func skipPlainBytes() {
    while position < bytes.endIndex {
      let byte = bytes[position]
      if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") || byte < 0x20 { return }
      position += 1
    }
  }

  private func text(_ utf8: ArraySlice<UInt8>, at start: Int) throws(JSONError) -> String {
    guard let text = String(validating: utf8, as: UTF8.self) else {
      throw JSONError(offset: start - bytes.startIndex, expected: "UTF-8", isTruncated: false)
    }
    return text
  }

  private mutating func escape(into resolved: inout [UInt8]) throws(JSONError) {
    guard let byte = current else { throw failure("an escape") }
    position += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): resolved.append(byte)
    case UInt8(ascii: "n"): resolved.append(0x0a)
    case UInt8(ascii: "t"): resolved.append(0x09)
    case UInt8(ascii: "r"): resolved.append(0x0d)
    case UInt8(ascii: "b"): resolved.append(0x08)
    case UInt8(ascii: "f"): resolved.append(0x0c)
    case UInt8(ascii: "u"): resolved += Array(String(try escapedScalar()).utf8)
    default:
      position -= 1
      throw failure("an escape")
    }
  }

  private mutating func escapedScalar() throws(JSONError) -> Unicode.Scalar {
    let first = try hexadecimal()
    if let scalar = Unicode.Scalar(first) { return scalar }
    guard first < 0xdc00, take(UInt8(ascii: "\\")), take(UInt8(ascii: "u")) else {
      throw failure("the second half of a surrogate pair")
    }
    let second = try hexadecimal()
    guard second >= 0xdc00, second <= 0xdfff,
      let scalar = Unicode.Scalar(0x10000 + (first - 0xd800) << 10 + (second - 0xdc00))
    else { throw failure("the second half of a surrogate pair") }
    return scalar
  }

  private mutating func hexadecimal() throws(JSONError) -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<4 {
      guard let byte = current, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
        throw failure("four hexadecimal digits")
      }
      value = value << 4 + UInt32(digit)
      position += 1
    }
    return value
  }
}
