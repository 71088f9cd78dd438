public import DevFTTensor
public import Foundation

/// A GGUF file, versions 2 and 3: metadata and named tensors, stored whole or in quantised blocks.
///
/// The file is mapped, and tensors are expanded to float32 only when asked for. A value that may be
/// used from several threads at once.
///
/// ```swift
/// let file = try GGUFFile(path: "model.gguf")
/// let firstTokens = try file.rows(0..<16, ofTensor: "token_embd.weight")
/// ```
/// - SeeAlso: <https://github.com/ggml-org/ggml/blob/master/docs/gguf.md>.
public struct GGUFFile: Sendable {
  /// The file, or `nil` for bytes in memory.
  public var path: String? { table.path }
  /// Format version, 2 or 3.
  public let version: UInt32
  /// Metadata by key.
  public let metadata: [String: GGUFValue]
  private let fieldPlaces: [(key: String, bytes: Range<Int>)]
  private let table: TensorTable

  /// Opens a file; its header is read and checked, its tensors are not.
  ///
  /// - Parameter path: The file.
  /// - Throws: `FormatError`.
  public init(path: String) throws {
    try self.init(contents: MappedFile.contents(of: path), path: path)
  }

  /// Reads a file that is in memory.
  ///
  /// - Parameters:
  ///   - contents: The whole file.
  ///   - path: Where it came from, for messages; `nil` by default.
  /// - Throws: `FormatError`.
  public init(contents: Data, path: String? = nil) throws {
    let header = try GGUFHeader(contents, path: path)
    version = header.version
    metadata = header.metadata
    fieldPlaces = header.fieldPlaces
    table = try TensorTable(header.tensors, contents: contents, path: path)
  }

  /// The metadata pairs in the order of the file, as they are stored.
  var fields: [GGUFField] {
    fieldPlaces.map { GGUFField($0.key, bytes: table.contents.subdata(in: $0.bytes)) }
  }

  /// Names of the tensors in the order of the file.
  public var tensorNames: [String] { table.names }

  /// Where a tensor lies and how it is stored.
  ///
  /// - Parameter name: Name in the file.
  /// - Returns: Its place, or `nil` when there is none of that name.
  public func tensorInfo(_ name: String) -> StoredTensor? { table[name] }

  /// Expands a tensor to float32.
  ///
  /// - Parameter name: Name in the file.
  /// - Returns: The tensor.
  /// - Throws: `FormatError` with code `missing`.
  public func tensor(named name: String) throws -> Tensor { try table.tensor(named: name) }

  /// Expands some consecutive rows of a tensor to float32.
  ///
  /// - Parameters:
  ///   - rows: Range along the outermost axis.
  ///   - name: Name in the file.
  /// - Returns: A tensor as many rows high.
  /// - Throws: `FormatError` with code `missing`.
  /// - Precondition: The tensor has at least two axes, and the rows lie inside.
  public func rows(_ rows: Range<Int>, ofTensor name: String) throws -> Tensor {
    try table.rows(rows, ofTensor: name)
  }

  /// Expands chosen rows of a tensor to float32.
  ///
  /// - Parameters:
  ///   - order: Indices along the outermost axis, in the order wanted.
  ///   - name: Name in the file.
  /// - Returns: A tensor as many rows high.
  /// - Throws: `FormatError` with code `missing`.
  /// - Precondition: The tensor has at least two axes, and the rows lie inside.
  public func rows(at order: [Int], ofTensor name: String) throws -> Tensor {
    try table.rows(at: order, ofTensor: name)
  }

  /// The bytes of a tensor as they are stored.
  func storedBytes(ofTensor name: String) throws(FormatError) -> Data {
    guard let place = table[name] else {
      throw FormatError(.missing, path: path, "there is no tensor \(name)")
    }
    return table.contents.subdata(in: place.byteOffset..<place.byteEnd)
  }

  /// The rows of a matrix as they are stored.
  ///
  /// - Parameters:
  ///   - name: Name in the file.
  ///   - order: Row of the file for each row; `nil` where they are the same.
  /// - Returns: The rows.
  /// - Throws: `FormatError` with code `missing`.
  /// - Precondition: The tensor is a matrix, and the order names each of its rows.
  func storedRows(ofTensor name: String, order: [Int]? = nil) throws -> StoredRows {
    try table.storedRows(ofTensor: name, order: order)
  }
}
