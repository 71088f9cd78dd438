extension GGUFCursor {
  /// Arrays of arrays deeper than this are refused; known files nest none.
  private static let maximumDepth = 4

  /// Reads a value: its type, then its contents.
  ///
  /// - Returns: The value.
  /// - Throws: `FormatError` with code `truncated` or `malformed`.
  mutating func value() throws(FormatError) -> GGUFValue {
    try value(ofType: integer(UInt32.self), depth: 0)
  }

  private mutating func value(ofType type: UInt32, depth: Int) throws(FormatError) -> GGUFValue {
    switch type {
    case 0: .unsigned(UInt64(try integer(UInt8.self)))
    case 1: .signed(Int64(try integer(Int8.self)))
    case 2: .unsigned(UInt64(try integer(UInt16.self)))
    case 3: .signed(Int64(try integer(Int16.self)))
    case 4: .unsigned(UInt64(try integer(UInt32.self)))
    case 5: .signed(Int64(try integer(Int32.self)))
    case 6: .real(Double(Float(bitPattern: try integer(UInt32.self))))
    case 7: .boolean(try boolean())
    case 8: .text(try string())
    case 9: try array(depth: depth)
    case 10: .unsigned(try integer(UInt64.self))
    case 11: .signed(try integer(Int64.self))
    case 12: .real(Double(bitPattern: try integer(UInt64.self)))
    default: throw failure(.malformed, "value type \(type) instead of 0 to 12")
    }
  }

  private mutating func boolean() throws(FormatError) -> Bool {
    let byte = try integer(UInt8.self)
    guard byte <= 1 else { throw failure(.malformed, "byte \(byte) instead of a boolean") }
    return byte == 1
  }

  private mutating func array(depth: Int) throws(FormatError) -> GGUFValue {
    guard depth < GGUFCursor.maximumDepth else {
      throw failure(.malformed, "arrays nested deeper than \(GGUFCursor.maximumDepth)")
    }
    let type = try integer(UInt32.self)
    let count = try count(of: "array elements", minimumByteCount: minimumByteCount(ofType: type))
    var elements: [GGUFValue] = []
    elements.reserveCapacity(count)
    for _ in 0..<count { elements.append(try value(ofType: type, depth: depth + 1)) }
    return .array(elements)
  }

  private func minimumByteCount(ofType type: UInt32) -> Int {
    switch type {
    case 2, 3: 2
    case 4, 5, 6: 4
    case 8, 10, 11, 12: 8
    case 9: 12
    default: 1
    }
  }
}
