/// The layers that each layer of a submodel stands for: a partition of `0 ..< L`.
///
/// Invariant: no group is empty, every layer is in exactly one group, members ascend, and groups
/// ascend by their anchor, the first member. Encoded as an array of member arrays.
///
/// ```swift
/// let groups = try LayerGroups([[2, 3], [0, 1, 4]])
/// groups.members  // [[0, 1, 4], [2, 3]]
/// ```
public struct LayerGroups: Equatable, Sendable {
  /// The members of each group.
  public let members: [[Int]]
  private let groupOfLayer: [Int]

  /// Takes groups in any order and checks that they are a partition.
  ///
  /// - Parameter members: Layers by group; together each of `0 ..< L` once, for `L` layers in all.
  /// - Throws: `StagesError` with code `invalidGroups`.
  public init(_ members: [[Int]]) throws(StagesError) {
    let layerCount = members.reduce(0) { $0 + $1.count }
    var groupOfLayer = Array(repeating: -1, count: layerCount)
    let sorted = members.map { $0.sorted() }.sorted { ($0.first ?? -1) < ($1.first ?? -1) }
    for (group, layers) in sorted.enumerated() {
      guard !layers.isEmpty else {
        throw StagesError(.invalidGroups, "expected a layer in every group, got an empty group")
      }
      for layer in layers {
        guard groupOfLayer.indices.contains(layer), groupOfLayer[layer] == -1 else {
          let came = "layer \(layer) is outside or comes twice"
          let expected = "expected each of the layers 0 ..< \(layerCount) once"
          throw StagesError(.invalidGroups, "\(expected); \(came)")
        }
        groupOfLayer[layer] = group
      }
    }
    self.init(sorted: sorted, groupOfLayer: groupOfLayer)
  }

  private init(sorted members: [[Int]], groupOfLayer: [Int]) {
    self.members = members
    self.groupOfLayer = groupOfLayer
  }

  /// One group a layer: the last stage, where the submodel is the model.
  ///
  /// - Parameter layerCount: Number of layers `L`, at least 1.
  /// - Returns: The groups `[[0], [1], …]`.
  public static func singletons(layerCount: Int) -> LayerGroups {
    LayerGroups(sorted: (0..<layerCount).map { [$0] }, groupOfLayer: Array(0..<layerCount))
  }

  /// Number of groups: the capacity of the stage.
  public var count: Int { members.count }

  /// Number of layers `L` of the full model.
  public var layerCount: Int { groupOfLayer.count }

  /// Number of members of each group.
  public var sizes: [Int] { members.map(\.count) }

  /// Whether every group is a run of consecutive layers.
  public var isContiguous: Bool {
    members.allSatisfy { layers in
      zip(layers, layers.dropFirst()).allSatisfy { $1 == $0 + 1 }
    }
  }

  /// The lowest layer of a group, which its representative is built around.
  ///
  /// - Parameter group: In `0 ..< count`.
  /// - Returns: A layer in `0 ..< layerCount`.
  public func anchor(_ group: Int) -> Int {
    precondition(members.indices.contains(group), "group \(group) is not in 0 ..< \(count)")
    return members[group][0]
  }

  /// The group that a layer belongs to.
  ///
  /// - Parameter layer: In `0 ..< layerCount`.
  /// - Returns: A group in `0 ..< count`.
  public func group(of layer: Int) -> Int {
    precondition((0..<layerCount).contains(layer), "layer \(layer) is not in 0 ..< \(layerCount)")
    return groupOfLayer[layer]
  }

  /// Whether every group here lies inside one group there.
  ///
  /// - Parameter other: Groups of the same layers.
  /// - Returns: `true` when this partition refines the other.
  public func refines(_ other: LayerGroups) -> Bool {
    precondition(layerCount == other.layerCount, "\(layerCount) and \(other.layerCount) layers")
    return members.allSatisfy { Set($0.map(other.group(of:))).count == 1 }
  }
}

extension LayerGroups: Codable {
  /// Reads an array of member arrays.
  ///
  /// - Parameter decoder: Holds the groups.
  /// - Throws: `StagesError` with code `invalidGroups` when they are no partition.
  public init(from decoder: any Decoder) throws {
    try self.init([[Int]](from: decoder))
  }

  /// Writes an array of member arrays.
  ///
  /// - Parameter encoder: Receives the groups.
  /// - Throws: What the encoder throws.
  public func encode(to encoder: any Encoder) throws { try members.encode(to: encoder) }
}
