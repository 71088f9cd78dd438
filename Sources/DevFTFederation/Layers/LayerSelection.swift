public import DevFTTensor

/// What a client's round uses of a model's layers.
///
/// Invariant: layers ascend and lie in `0 ..< layerCount`; `trained` is not empty and a part of
/// `present`.
///
/// ```swift
/// // Layers 0 to 2 of six run, the upper two of them are trained.
/// let layers = LayerSelection(layerCount: 6, present: [0, 1, 2], trained: [1, 2])
/// ```
public struct LayerSelection: Hashable, Sendable {
  /// Layers `L` of the model.
  public let layerCount: Int
  /// Layers that run; the stream passes the others by, and their weights are not needed.
  public let present: [Int]
  /// Layers whose adapters are trained and travel up.
  public let trained: [Int]

  /// Selects layers.
  ///
  /// - Parameters:
  ///   - layerCount: Layers `L` of the model, at least 1.
  ///   - present: Layers that run, in any order.
  ///   - trained: Those of them that are trained, at least one.
  public init(layerCount: Int, present: some Sequence<Int>, trained: some Sequence<Int>) {
    self.layerCount = layerCount
    self.present = Set(present).sorted()
    self.trained = Set(trained).sorted()
    let problem = problem
    precondition(problem == nil, problem ?? "")
  }

  /// Selects layers that all are trained.
  ///
  /// - Parameters:
  ///   - layerCount: Layers `L` of the model, at least 1.
  ///   - present: Layers that run, at least one.
  public init(layerCount: Int, present: some Sequence<Int>) {
    let layers = Array(present)
    self.init(layerCount: layerCount, present: layers, trained: layers)
  }

  /// Lets all layers run and trains some.
  ///
  /// - Parameters:
  ///   - layerCount: Layers `L` of the model, at least 1.
  ///   - trained: Layers that are trained, at least one.
  public init(layerCount: Int, trained: some Sequence<Int>) {
    self.init(layerCount: layerCount, present: 0..<layerCount, trained: trained)
  }

  private var problem: String? {
    if trained.isEmpty { return "no layer is trained" }
    if let odd = present.first(where: { !(0..<layerCount).contains($0) }) {
      return "layer \(odd) of a model of \(layerCount)"
    }
    let absent = trained.first { !present.contains($0) }
    return absent.map { "layer \($0) is trained but does not run" }
  }

  // MARK: - In the client's submodel

  /// Places of the trained layers among those that run, from 0.
  public var trainedPlaces: [Int] {
    let trained = Set(trained)
    return present.indices.filter { trained.contains(present[$0]) }
  }

  /// Number of layers from the lowest trained one up: as far as a backward pass goes.
  public var backwardLayerCount: Int { present.count - (trainedPlaces.first ?? 0) }

  /// The sets of the layers that run.
  ///
  /// - Parameter layers: One set a layer of the model.
  /// - Returns: One set a layer of the client's submodel.
  public func present(of layers: [NamedTensors]) -> [NamedTensors] {
    precondition(layers.count == layerCount, "\(layers.count) sets for \(layerCount) layers")
    return present.map { layers[$0] }
  }

  /// The sets that a client sends.
  ///
  /// - Parameter layers: One set a layer of the client's submodel.
  /// - Returns: One set a trained layer.
  public func trained(of layers: [NamedTensors]) -> [NamedTensors] {
    precondition(layers.count == present.count, "\(layers.count) sets, \(present.count) layers")
    return trainedPlaces.map { layers[$0] }
  }

  /// What a client has sent, at its place in the model.
  ///
  /// - Parameter sent: One set a trained layer.
  /// - Returns: One set a layer of the model, empty where the client has trained nothing.
  func spread(_ sent: [NamedTensors]) -> [NamedTensors] {
    precondition(sent.count == trained.count, "\(sent.count) sets, \(trained.count) trained")
    var layers = Array(repeating: NamedTensors(), count: layerCount)
    for (layer, tensors) in zip(trained, sent) { layers[layer] = tensors }
    return layers
  }
}

extension LayerSelection: Codable {
  private enum CodingKeys: String, CodingKey {
    case layerCount = "of"
    case present, trained
  }

  /// Reads a selection.
  ///
  /// - Parameter decoder: Holds a mapping with `of`, `present` and `trained`.
  /// - Throws: `DecodingError` when it is not one.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    layerCount = try values.decode(Int.self, forKey: .layerCount)
    present = try Set(values.decode([Int].self, forKey: .present)).sorted()
    trained = try Set(values.decode([Int].self, forKey: .trained)).sorted()
    guard let problem else { return }
    throw DecodingError.dataCorrupted(
      DecodingError.Context(codingPath: decoder.codingPath, debugDescription: problem)
    )
  }

  /// Writes a selection.
  ///
  /// - Parameter encoder: Receives a mapping.
  /// - Throws: What the encoder throws.
  public func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: CodingKeys.self)
    try values.encode(layerCount, forKey: .layerCount)
    try values.encode(present, forKey: .present)
    try values.encode(trained, forKey: .trained)
  }
}
