/// One line of a data file: a JSON object, and where it stands.
package struct JSONRow: Sendable {
  /// The object.
  package let json: JSONValue
  /// File and line, for messages.
  package let place: String
  /// Line of the file, from 1.
  package let line: Int

  /// Parses a line.
  ///
  /// - Parameters:
  ///   - bytes: UTF-8 of the line.
  ///   - path: The file.
  ///   - line: Number of the line, from 1.
  /// - Throws: `FormatError` when the line is no JSON object.
  package init(_ bytes: ArraySlice<UInt8>, path: String, line: Int) throws(FormatError) {
    place = "\(path):\(line)"
    json = try JSONValue.object(Array(bytes), path: place)
    self.line = line
  }

  /// Takes an object that is part of a file.
  ///
  /// - Parameters:
  ///   - json: The object.
  ///   - place: File and place, for messages.
  ///   - line: Number of the object, from 1.
  package init(_ json: JSONValue, place: String, line: Int) {
    (self.json, self.place, self.line) = (json, place, line)
  }

  /// Calls a closure with each row of a file; empty lines and a byte order mark are passed over.
  ///
  /// - Parameters:
  ///   - path: The file, plain or gzip.
  ///   - body: Called with each row in the order of the file.
  /// - Throws: `FormatError` that names file and line; whatever `body` throws.
  package static func forEach(in path: String, _ body: (JSONRow) throws -> Void) throws {
    try TextLines.forEach(in: path) { number, line in
      let line = number == 1 && line.starts(with: [0xef, 0xbb, 0xbf]) ? line.dropFirst(3) : line
      guard !line.allSatisfy({ $0 == 0x20 || $0 == 0x09 || $0 == 0x0d }) else { return }
      try body(try JSONRow(line, path: path, line: number))
    }
  }

  /// All rows of a file, at least one.
  ///
  /// - Parameter path: The file, plain or gzip.
  /// - Returns: The rows in the order of the file.
  /// - Throws: `FormatError` that names file and line, also when there is no row.
  package static func all(in path: String) throws -> [JSONRow] {
    var rows: [JSONRow] = []
    try forEach(in: path) { rows.append($0) }
    guard !rows.isEmpty else {
      throw FormatError(.malformed, path: path, "expected rows of JSON, found none")
    }
    return rows
  }

  /// All objects of a file that holds either one JSON array of objects or one object a line.
  ///
  /// - Parameter path: The file, plain or gzip.
  /// - Returns: The objects in the order of the file, at least one; those of an array count from 1.
  /// - Throws: `FormatError` that names file and place, also when there is no object.
  package static func allOrArray(in path: String) throws -> [JSONRow] {
    let bytes = try TextLines.bytes(of: path)
    let first = bytes.first { ![0x20, 0x09, 0x0a, 0x0d, 0xef, 0xbb, 0xbf].contains($0) }
    guard first == UInt8(ascii: "[") else { return try all(in: path) }
    let elements: [JSONValue]
    do {
      elements = try JSONParser.parse(bytes[...]).elements ?? []
    } catch {
      throw FormatError(
        .malformed,
        path: path,
        "expected \(error.expected) at byte \(error.offset) of the JSON"
      )
    }
    guard !elements.isEmpty else {
      throw FormatError(.malformed, path: path, "expected objects of JSON, found none")
    }
    return try elements.enumerated().map { index, element in
      let place = "\(path):[\(index)]"
      guard element.members != nil else {
        throw FormatError(.malformed, path: place, "expected an object, found \(element.kind)")
      }
      return JSONRow(element, place: place, line: index + 1)
    }
  }

  /// The error that names a key.
  ///
  /// - Parameters:
  ///   - key: The key.
  ///   - expected: What was expected there.
  ///   - found: What is there, or `nil`; only its kind is told.
  /// - Returns: The error.
  package func failure(_ key: String, _ expected: String, _ found: JSONValue?) -> FormatError {
    let found = found.map { "found \($0.kind)" } ?? "it is missing"
    return FormatError(.malformed, path: place, "key \"\(key)\": expected \(expected), \(found)")
  }

  /// The string of a key.
  ///
  /// - Parameter key: The key.
  /// - Returns: The string.
  /// - Throws: `FormatError` that names file, line and key.
  package func text(_ key: String) throws(FormatError) -> String {
    guard let text = json[key]?.text else { throw failure(key, "a string", json[key]) }
    return text
  }

  /// The strings of a key.
  ///
  /// - Parameter key: The key.
  /// - Returns: The strings.
  /// - Throws: `FormatError` that names file, line and key.
  package func texts(_ key: String) throws(FormatError) -> [String] {
    guard let elements = json[key]?.elements else {
      throw failure(key, "an array of strings", json[key])
    }
    let texts = elements.compactMap(\.text)
    guard texts.count == elements.count else {
      throw failure(key, "strings", elements.first { $0.text == nil })
    }
    return texts
  }

  /// The integer of a key.
  ///
  /// - Parameters:
  ///   - key: The key.
  ///   - range: Where it must lie.
  /// - Returns: The integer.
  /// - Throws: `FormatError` that names file, line and key.
  package func integer(_ key: String, in range: ClosedRange<Int>) throws(FormatError) -> Int {
    guard let integer = json[key]?.integer, range.contains(integer) else {
      throw failure(
        key,
        "an integer from \(range.lowerBound) to \(range.upperBound)",
        json[key]
      )
    }
    return integer
  }
}
