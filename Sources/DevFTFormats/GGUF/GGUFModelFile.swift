public import DevFTTensor
import Foundation

/// A model in a GGUF file of the architectures `llama` (also Mistral's) and `qwen2`.
///
/// Files of the architecture `llama` keep the rows of the query and key maps so that the two halves
/// of each head's rotary pairs lie side by side; they come out of here in Hugging Face's order,
/// first all first halves of a head, then all second ones.
public struct GGUFModelFile: ModelFile {
  /// The file.
  public let path: String
  /// Sizes and constants.
  public let architecture: ModelArchitecture
  private let file: GGUFFile
  private let layout: ModelLayout<Place>

  private struct Place {
    let name: String
    /// Whether the rows are in the order of interleaved pairs.
    let isInterleaved: Bool
  }

  /// Opens a model and checks that all its tensors are there.
  ///
  /// - Parameter path: The file.
  /// - Throws: `FormatError`.
  public init(path: String) throws {
    try self.init(GGUFFile(path: path), path: path)
  }

  /// Reads a model from an open file and checks that all its tensors are there.
  ///
  /// - Parameters:
  ///   - file: The file.
  ///   - path: Its path, for messages.
  /// - Throws: `FormatError`.
  public init(_ file: GGUFFile, path: String) throws {
    if case .unsigned(let count) = file.metadata["split.count"], count > 1 {
      throw FormatError(
        .unsupported,
        path: path,
        "split.count is \(count): join the parts with llama-gguf-split --merge"
      )
    }
    let architecture = try ModelArchitecture(file, path: path)
    layout = try ModelLayout(architecture, fileNames: file.tensorNames, path: path) { name in
      let fileName = GGUFModelFile.fileName(of: name)
      guard let stored = file.tensorInfo(fileName) else {
        throw FormatError(.missing, path: path, "there is no tensor \(fileName)")
      }
      let isInterleaved =
        architecture.isInterleavedInGGUF && ModelTensorName.isRotated(name)
      return (fileName, stored.shape, Place(name: fileName, isInterleaved: isInterleaved))
    }
    self.path = path
    self.file = file
    self.architecture = architecture
  }

  /// Where the tokenizer comes from: this file's metadata.
  public var tokenizerSource: TokenizerSource { .gguf(file.metadata) }

  /// The metadata pairs in the order of the file, as they are stored.
  var fields: [GGUFField] { file.fields }

  /// Whether there is a tensor of this name.
  ///
  /// - Parameter name: Hugging Face's name.
  /// - Returns: Whether it can be read.
  public func hasTensor(_ name: String) -> Bool { layout.contains(name) }

  /// Reads a tensor.
  ///
  /// - Parameter name: Hugging Face's name.
  /// - Returns: The tensor, float32, rows in Hugging Face's order.
  /// - Throws: `FormatError` with code `missing`.
  public func tensor(_ name: String) throws -> Tensor {
    let place = try layout.place(of: name)
    guard place.isInterleaved, let shape = file.tensorInfo(place.name)?.shape else {
      return try file.tensor(named: place.name)
    }
    let order = interleavedRows(0..<shape[0])
    guard shape.count == 1 else { return try file.rows(at: order, ofTensor: place.name) }
    let bias = try file.tensor(named: place.name)
    return Tensor(shape: shape, elements: order.map { bias.elements[$0] })
  }

  /// Reads some consecutive rows of a matrix.
  ///
  /// - Parameters:
  ///   - rows: Range along the first axis, in Hugging Face's order.
  ///   - name: Hugging Face's name.
  /// - Returns: A matrix as many rows high, float32.
  /// - Throws: `FormatError` with code `missing`.
  /// - Precondition: The tensor is a matrix, and the rows lie inside.
  public func rows(_ rows: Range<Int>, of name: String) throws -> Tensor {
    let place = try layout.place(of: name)
    guard place.isInterleaved else { return try file.rows(rows, ofTensor: place.name) }
    return try file.rows(at: interleavedRows(rows), ofTensor: place.name)
  }

  /// How the file stores the numbers of a tensor.
  ///
  /// - Parameter name: Hugging Face's name.
  /// - Returns: The type.
  /// - Throws: `FormatError` with code `missing`.
  public func storageType(_ name: String) throws -> StorageType {
    file.tensorInfo(try layout.place(of: name).name)?.type ?? .f32
  }

  /// The bytes of a tensor as they lie in the file, rows in the file's order.
  func storedBytes(_ name: String) throws -> Data {
    try file.storedBytes(ofTensor: try layout.place(of: name).name)
  }

  /// The rows of a matrix as the file keeps them, in Hugging Face's order.
  ///
  /// - Parameter name: Hugging Face's name.
  /// - Returns: The rows.
  /// - Throws: `FormatError` with code `missing`.
  /// - Precondition: The tensor is a matrix.
  public func storedRows(_ name: String) throws -> StoredRows {
    let place = try layout.place(of: name)
    guard place.isInterleaved, let shape = file.tensorInfo(place.name)?.shape else {
      return try file.storedRows(ofTensor: place.name)
    }
    return try file.storedRows(ofTensor: place.name, order: interleavedRows(0..<shape[0]))
  }

  /// Where the file keeps rows of a query or key map: row `i` of half `j` of a head is its row
  /// `2i + j`.
  private func interleavedRows(_ rows: Range<Int>) -> [Int] {
    let half = architecture.headWidth / 2
    return rows.map { row in
      let (head, within) = row.quotientAndRemainder(dividingBy: 2 * half)
      return head * 2 * half + 2 * (within % half) + within / half
    }
  }
}
