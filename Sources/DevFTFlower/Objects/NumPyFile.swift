import Foundation

/// The contents of a `.npy` file: what peers in Python put into an array.
///
/// Magic number, version, length of a header, the header as a literal of Python, then the numbers, row by row.
///
/// - SeeAlso: <https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html>
struct NumPyFile {
  /// Type of a number, such as `<f4`.
  let descr: String
  /// Length of each axis.
  let shape: [Int]
  /// The numbers' bytes.
  let numbers: Data

  /// Reads a file.
  ///
  /// - Parameters:
  ///   - contents: Its bytes.
  ///   - name: What messages call it.
  /// - Throws: `FlowerError` with code `malformed`, or `unsupported` when columns follow one another.
  init(_ contents: Data, name: String) throws(FlowerError) {
    func broken(_ what: String) -> FlowerError {
      FlowerError(.malformed, "array \(name.excerpt): expected a .npy file, \(what)")
    }
    let bytes = [UInt8](contents.prefix(12))
    guard bytes.count == 12, bytes[0] == 0x93, bytes[1..<6].elementsEqual("NUMPY".utf8) else {
      throw broken("got other bytes")
    }
    let isShort = bytes[6] == 1
    let start = isShort ? 10 : 12
    let length =
      Int(bytes[8]) | Int(bytes[9]) << 8
      | (isShort ? 0 : Int(bytes[10]) << 16 | Int(bytes[11]) << 24)
    guard contents.count >= start + length else { throw broken("its header is cut off") }
    let header = String(decoding: contents.dropFirst(start).prefix(length), as: UTF8.self)
    guard let descr = header.firstMatch(of: #/'descr': '([^']*)'/#)?.1,
      let list = header.firstMatch(of: #/'shape': \(([0-9, ]*)\)/#)?.1
    else { throw broken("its header lacks type or shape") }
    guard header.contains("'fortran_order': False") else {
      throw FlowerError(
        .unsupported,
        "array \(name.excerpt): expected rows that follow one another"
      )
    }
    var shape: [Int] = []
    for part in list.split(separator: ",") {
      let text = part.trimmingCharacters(in: .whitespaces)
      guard !text.isEmpty else { continue }
      guard let axis = Int(text) else { throw broken("an axis is \(text.excerpt)") }
      shape.append(axis)
    }
    self.descr = String(descr)
    self.shape = shape
    numbers = Data(contents.dropFirst(start + length))
  }
}
