import DevFTFederation
import DevFTStages

extension RunSetting {
  /// Creates the method.
  ///
  /// - Parameters:
  ///   - configuration: The run.
  ///   - examples: Its examples, split over the clients.
  ///   - layerCount: Layers of the model.
  /// - Returns: The method.
  /// - Throws: `RunError` when an option does not fit the model.
  static func method(
    _ configuration: RunConfiguration,
    _ examples: RunExamples,
    layerCount: Int
  ) throws -> any FederatedMethod {
    let federation = configuration.federation
    let populationCount = examples.partition.clients.count
    try check(federation.options, layerCount: layerCount)
    func dealt(_ list: [Int]?) -> [Int]? {
      list.map { RankDealing($0, clientCount: populationCount, seed: configuration.seed).ranks }
    }
    let settings = MethodSettings(
      options: federation.options,
      populationCount: populationCount,
      isStaged: configuration.stages != nil,
      ranks: dealt(federation.ranks),
      kinds: examples.kinds,
      roundCount: federation.rounds,
      layerCount: layerCount,
      seed: configuration.seed,
      growth: try growth(federation, layerCount: layerCount),
      clientLayers: dealt(federation.options.clientLayers)
    )
    return try FederatedMethods.named(federation.method.rawValue).init(settings)
  }

  private static func check(_ options: MethodOptions, layerCount: Int) throws(RunError) {
    for (key, numbers) in [
      ("layers", options.layers.map { [$0] }), ("window", options.window.map { [$0] }),
      ("client_layers", options.clientLayers),
    ] {
      guard let largest = numbers?.max(), largest > layerCount else { continue }
      throw RunError(
        .unsupported,
        "federation.options.\(key): expected at most the model's \(layerCount) layers, got \(largest)"
      )
    }
  }

  /// DevFT's stages, or those that ProgFed is to have in their place.
  private static func growth(
    _ federation: FederationConfiguration,
    layerCount: Int
  ) throws -> [GrowthStage] {
    let isAsked =
      federation.method == .progfed && federation.options.progFedSchedule == .matched
    do throws(StagesError) {
      let schedule = try StageSchedule(
        capacities: isAsked ? federation.options.progFedCapacities : nil,
        layerCount: layerCount,
        totalRounds: federation.rounds
      )
      return zip(schedule.capacities, schedule.roundCounts).map(GrowthStage.init)
    } catch {
      guard isAsked else { return [] }
      throw RunError(.unsupported, "federation.options.progfed_schedule: matched: \(error.message)")
    }
  }
}
