import DevFTFederation
import DevFTFormats
import DevFTStages
import DevFTTraining

extension RunSetting {
  /// Creates the method.
  ///
  /// - Parameters:
  ///   - configuration: The run.
  ///   - examples: Its examples, split over the clients.
  ///   - architecture: Geometry of the model.
  /// - Returns: The method.
  /// - Throws: `RunError` when an option does not fit the model.
  static func method(
    _ configuration: RunConfiguration,
    _ examples: RunExamples,
    _ architecture: ModelArchitecture
  ) throws -> any FederatedMethod {
    let layerCount = architecture.layerCount
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
      clientLayers: dealt(federation.options.clientLayers),
      classCount: examples.labels?.count,
      width: architecture.width
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

  /// DevFT's stages, or those that a method which grows is to have in their place.
  private static func growth(
    _ federation: FederationConfiguration,
    layerCount: Int
  ) throws -> [GrowthStage] {
    let options = federation.options
    switch federation.method {
    case .progfed where options.progFedSchedule == .matched:
      return try growth(
        "progfed_schedule: matched",
        capacities: options.progFedCapacities,
        roundCounts: nil,
        layerCount: layerCount,
        totalRounds: federation.rounds
      )
    case .topGrowth:
      return try growth(
        options.growthRounds == nil ? "growth_layers" : "growth_rounds",
        capacities: options.growthLayers,
        roundCounts: options.growthRounds,
        layerCount: layerCount,
        totalRounds: federation.rounds
      )
    default:
      let stages = try? StageSchedule(layerCount: layerCount, totalRounds: federation.rounds)
      return stages.map(GrowthStage.all(of:)) ?? []
    }
  }

  private static func growth(
    _ key: String,
    capacities: [Int]?,
    roundCounts: [Int]?,
    layerCount: Int,
    totalRounds: Int
  ) throws -> [GrowthStage] {
    do throws(StagesError) {
      guard let roundCounts else {
        return GrowthStage.all(
          of: try StageSchedule(
            capacities: capacities,
            layerCount: layerCount,
            totalRounds: totalRounds
          )
        )
      }
      let sum = roundCounts.reduce(0, +)
      guard sum == totalRounds else {
        let message = "expected numbers that add up to federation.rounds \(totalRounds), got \(sum)"
        throw StagesError(.invalidSchedule, message)
      }
      return GrowthStage.all(
        of: try StageSchedule(
          capacities: capacities,
          layerCount: layerCount,
          roundCounts: roundCounts
        )
      )
    } catch {
      throw RunError(.unsupported, "federation.options.\(key): \(error.message)")
    }
  }
}

extension GrowthStage {
  /// The stages of a schedule.
  fileprivate static func all(of schedule: StageSchedule) -> [GrowthStage] {
    zip(schedule.capacities, schedule.roundCounts).map(GrowthStage.init)
  }
}
