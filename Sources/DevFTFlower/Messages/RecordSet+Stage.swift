import DevFTFederation
import DevFTRuntime
import DevFTStages

extension RecordSet {
  /// What tells a client of a stage.
  init(_ stage: RemoteStage) {
    var groupOfLayer = Array(repeating: Int64(0), count: stage.groups.layerCount)
    for (group, members) in stage.groups.members.enumerated() {
      for layer in members { groupOfLayer[layer] = Int64(group) }
    }
    settings[RecordName.stage] = [
      "version": .integer(RecordName.version),
      "configuration": .text(stage.configuration.resolvedYAML),
      "population": .integer(Int64(stage.populationCount)),
      "stage": .integer(Int64(stage.number)),
      "groups": .integers(groupOfLayer),
      "model_sha256": .text(stage.modelSHA256),
      "fused_sha256": .text(stage.fusedSHA256),
      "base_sha256": .text(stage.baseSHA256),
    ]
  }

  /// The stage that a client is told of.
  ///
  /// - Throws: `FlowerError` with code `malformed` or `unsupported`.
  func stage() throws(FlowerError) -> RemoteStage {
    let record = try settings(RecordName.stage)
    try record.checkVersion()
    let configuration: RunConfiguration
    do {
      configuration = try RunConfiguration(
        yaml: try record.text("configuration"),
        name: "the server's configuration"
      )
    } catch {
      throw FlowerError(.malformed, "configuration: \("\(error)".excerpt)")
    }
    var stage = RemoteStage(
      configuration: configuration,
      populationCount: try record.integer("population", in: 1...1_000_000_000),
      number: try record.integer("stage", in: 1...1_000_000),
      groups: try Self.groups(try record.integers("groups")),
      modelSHA256: try record.text("model_sha256"),
      fusedSHA256: try record.text("fused_sha256")
    )
    stage.baseSHA256 = try record.text("base_sha256")
    return stage
  }

  /// The groups, given each layer's.
  private static func groups(_ groupOfLayer: [Int]) throws(FlowerError) -> LayerGroups {
    // As many groups as layers at most, so that no number from outside decides on an allocation.
    guard let last = groupOfLayer.max(), groupOfLayer.allSatisfy({ $0 >= 0 }),
      last < groupOfLayer.count
    else {
      throw FlowerError(.malformed, "groups: expected a group from 0 for each layer")
    }
    var members = Array(repeating: [Int](), count: last + 1)
    for (layer, group) in groupOfLayer.enumerated() { members[group].append(layer) }
    do throws(StagesError) {
      return try LayerGroups(members)
    } catch {
      throw FlowerError(.malformed, "groups: \(error.message)")
    }
  }
}
