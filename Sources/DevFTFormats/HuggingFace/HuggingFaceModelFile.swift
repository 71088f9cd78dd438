public import DevFTTensor

/// A model in a Hugging Face directory: `config.json` and one or several safetensors files.
public struct HuggingFaceModelFile: ModelFile {
  /// The directory.
  public let path: String
  /// Sizes and constants.
  public let architecture: ModelArchitecture
  private let layout: ModelLayout<SafetensorsFile>

  /// Opens a model and checks that all its tensors are there.
  ///
  /// - Parameter path: The directory.
  /// - Throws: `FormatError`.
  public init(path: String) throws {
    let configurationPath = "\(path)/config.json"
    let architecture = try ModelArchitecture(
      HuggingFaceConfiguration(path: configurationPath),
      path: configurationPath
    )
    let shards = try SafetensorsShards(directory: path)
    layout = try ModelLayout(architecture, fileNames: shards.names, path: path) { name in
      guard let file = shards[name], let stored = file.tensorInfo(name) else {
        throw FormatError(.missing, path: path, "there is no tensor \(name) of F32, F16 or BF16")
      }
      return (name, stored.shape, file)
    }
    self.path = path
    self.architecture = architecture
  }

  /// Where the tokenizer comes from: this directory.
  public var tokenizerSource: TokenizerSource { .directory(path) }

  /// Whether there is a tensor of this name.
  ///
  /// - Parameter name: Hugging Face's name.
  /// - Returns: Whether it can be read.
  public func hasTensor(_ name: String) -> Bool { layout.contains(name) }

  /// Reads a tensor.
  ///
  /// - Parameter name: Hugging Face's name.
  /// - Returns: The tensor, float32.
  /// - Throws: `FormatError` with code `missing`.
  public func tensor(_ name: String) throws -> Tensor {
    try layout.place(of: name).tensor(named: name)
  }

  /// Reads some consecutive rows of a matrix.
  ///
  /// - Parameters:
  ///   - rows: Range along the first axis.
  ///   - name: Hugging Face's name.
  /// - Returns: A matrix as many rows high, float32.
  /// - Throws: `FormatError` with code `missing`.
  /// - Precondition: The tensor is a matrix, and the rows lie inside.
  public func rows(_ rows: Range<Int>, of name: String) throws -> Tensor {
    try layout.place(of: name).rows(rows, ofTensor: name)
  }

  /// The rows of a matrix as the file keeps them.
  ///
  /// - Parameter name: Hugging Face's name.
  /// - Returns: The rows.
  /// - Throws: `FormatError` with code `missing`.
  /// - Precondition: The tensor is a matrix.
  public func storedRows(_ name: String) throws -> StoredRows {
    try layout.place(of: name).storedRows(ofTensor: name)
  }
}
