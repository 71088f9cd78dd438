/// Where each tensor of a model lies: the check that a file holds what its architecture announces.
struct ModelLayout<Place: Sendable>: Sendable {
  private let places: [String: Place]
  private let path: String

  /// Finds all tensors of an architecture.
  ///
  /// - Parameters:
  ///   - architecture: The model.
  ///   - fileNames: Names of all tensors in the file.
  ///   - path: The model's file or directory, for messages.
  ///   - find: Name in the file, shape there and place of a tensor, by its Hugging Face name; throws
  ///     when there is none.
  /// - Throws: `FormatError` with code `malformed` when a shape differs, `unsupported` when the file
  ///   holds a bias or a norm that the architecture does not know, or what `find` throws.
  init(
    _ architecture: ModelArchitecture,
    fileNames: [String],
    path: String,
    find: (_ name: String) throws -> (fileName: String, shape: [Int], place: Place)
  ) throws {
    var places: [String: Place] = [:]
    var known: Set<String> = []
    func check(_ name: String, _ expected: [Int]) throws {
      let (fileName, shape, place) = try find(name)
      guard shape == expected else {
        throw FormatError(
          .malformed,
          path: path,
          "tensor \(fileName) has the shape \(shape), expected \(expected)"
        )
      }
      places[name] = place
      known.insert(fileName)
    }
    for (name, shape) in architecture.outerTensorShapes.sorted(by: { $0.key < $1.key }) {
      try check(name, shape)
    }
    let layer = architecture.layerTensorShapes.sorted { $0.key < $1.key }
    for index in 0..<architecture.layerCount {
      for (name, shape) in layer { try check(ModelTensorName.inLayer(index, name), shape) }
    }
    // Left out, such a tensor would change every answer without a word.
    for name in fileNames where name.hasSuffix(".bias") || name.contains("norm") {
      guard known.contains(name) else {
        throw FormatError(
          .unsupported,
          path: path,
          "tensor \(name) has no place in a \(architecture.family) model of "
            + "\(architecture.layerCount) layers"
        )
      }
    }
    self.places = places
    self.path = path
  }

  /// Whether the model has a tensor of this name.
  func contains(_ name: String) -> Bool { places[name] != nil }

  /// The place of a tensor.
  ///
  /// - Parameter name: Hugging Face's name.
  /// - Returns: Its place.
  /// - Throws: `FormatError` with code `missing`.
  func place(of name: String) throws -> Place {
    guard let place = places[name] else {
      throw FormatError(.missing, path: path, "the model has no tensor \(name)")
    }
    return place
  }
}
