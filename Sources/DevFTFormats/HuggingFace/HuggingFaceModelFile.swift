public import DevFTTensor

/// A model in a Hugging Face directory: `config.json` and one or several safetensors files.
public struct HuggingFaceModelFile: ModelFile {
  /// The directory.
  public let path: String
  /// Sizes and constants.
  public let architecture: ModelArchitecture
  private let layout: ModelLayout<Place>

  /// A tensor's file, and its name there.
  typealias Place = (file: SafetensorsFile, name: String)

  /// Opens a model and checks that all its tensors are there.
  ///
  /// - Parameter path: The directory.
  /// - Throws: `FormatError`.
  public init(path: String) throws {
    let configurationPath = "\(path)/config.json"
    if let family = try EncoderConfiguration.family(path: configurationPath) {
      try self.init(path: path, configurationPath: configurationPath, encoder: family)
      return
    }
    try self.init(path: path, configurationPath: configurationPath)
  }

  /// Opens a decoder.
  private init(path: String, configurationPath: String) throws {
    let architecture = try ModelArchitecture(
      HuggingFaceConfiguration(path: configurationPath),
      path: configurationPath
    )
    let shards = try SafetensorsShards(directory: path)
    layout = try ModelLayout(architecture, fileNames: shards.names, path: path) { name in
      try shards.place(of: name, spelt: name, path: path)
    }
    self.path = path
    self.architecture = architecture
  }

  /// Opens an encoder.
  private init(path: String, configurationPath: String, encoder family: EncoderFamily) throws {
    let shards = try SafetensorsShards(directory: path)
    let tensors = EncoderTensors(shards, family: family)
    let architecture = try ModelArchitecture(
      JSONFile.decode(EncoderConfiguration.self, from: configurationPath),
      family: family,
      headLabelCount: tensors.headLabelCount,
      path: configurationPath
    )
    layout = try ModelLayout(architecture, fileNames: tensors.names, path: path) { name in
      try shards.place(of: name, spelt: tensors.fileName(of: name), path: path)
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
    let place = try layout.place(of: name)
    return try place.file.tensor(named: place.name)
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
    let place = try layout.place(of: name)
    return try place.file.rows(rows, ofTensor: place.name)
  }

  /// How the file stores the numbers of a tensor.
  ///
  /// - Parameter name: Hugging Face's name.
  /// - Returns: The type.
  /// - Throws: `FormatError` with code `missing`.
  public func storageType(_ name: String) throws -> StorageType {
    let place = try layout.place(of: name)
    return place.file.tensorInfo(place.name)?.type ?? .f32
  }

  /// The rows of a matrix as the file keeps them.
  ///
  /// - Parameter name: Hugging Face's name.
  /// - Returns: The rows.
  /// - Throws: `FormatError` with code `missing`.
  /// - Precondition: The tensor is a matrix.
  public func storedRows(_ name: String) throws -> StoredRows {
    let place = try layout.place(of: name)
    return try place.file.storedRows(ofTensor: place.name)
  }
}

extension SafetensorsShards {
  /// Finds a tensor.
  ///
  /// - Parameters:
  ///   - name: Name of the tensor, for messages.
  ///   - spelling: Its name in the files; `nil` when they have none.
  ///   - path: The directory, for messages.
  /// - Returns: Its name in the files, shape and place.
  /// - Throws: `FormatError` with code `missing`.
  fileprivate func place(
    of name: String,
    spelt spelling: String?,
    path: String
  ) throws -> (fileName: String, shape: [Int], place: HuggingFaceModelFile.Place) {
    guard let spelling, let file = self[spelling], let stored = file.tensorInfo(spelling) else {
      throw FormatError(.missing, path: path, "there is no tensor \(name) of F32, F16 or BF16")
    }
    return (spelling, stored.shape, (file, spelling))
  }
}
