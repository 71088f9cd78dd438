import DevFTFederation
import DevFTFormats
import DevFTModel
import DevFTStages
import DevFTTensor
import DevFTTraining

/// The parts of a run that do not change while it runs.
struct RunSetting {
  let configuration: RunConfiguration
  /// The part of the federation that this process plays.
  let role: RunRole
  let model: LoadedModel
  let examples: RunExamples
  let benchmarks: RunBenchmarks
  let ends: any ModelEnds
  let schedule: StageSchedule
  let builder: StageBuilder
  let federation: Federation
  let population: Partition
  let cohorts: CohortSampling
  let dropouts: DropoutSchedule
  let learningRates: LearningRateSchedule
  /// How clients spend their memory.
  let memoryPlan: MemoryPlan
  let adapterConfiguration: DevFTFormats.LoRAConfiguration
  /// Sequences of each client of the population.
  let shares: [[TokenBatch.Sequence]]
  /// What is trained beside the layers' adapters: the head of an encoder.
  private let outerSets: [NamedTensors]
  /// Tokens of the longest batch that may come up.
  let longestBatch: Int

  /// Loads the model and the data and checks that they fit the configuration.
  ///
  /// - Parameters:
  ///   - configuration: The run.
  ///   - role: The part of the federation that this process plays; all of it by default.
  ///   - savedPartition: The split of a run that goes on, or `nil`.
  /// - Throws: When model, data and configuration do not fit together.
  init(
    _ configuration: RunConfiguration,
    role: RunRole = .whole,
    savedPartition: Partition? = nil
  ) throws {
    self.configuration = configuration
    self.role = role
    try Self.checkSupport(configuration)
    model = try LoadedModel(
      configuration.model,
      template: configuration.data.template.format,
      allowsEncoder: true
    )
    let architecture = model.file.architecture
    try Self.checkSupport(configuration, by: architecture)
    if role != .whole { try Self.check(separateClientsWith: configuration, on: architecture) }
    try model.check(length: configuration.data.maxLength, key: "data.max_length")
    try model.check(rank: configuration.lora.rank, key: "lora.rank")
    examples = try RunExamples(configuration, model: model, role: role, saved: savedPartition)
    benchmarks = try RunBenchmarks(configuration, model: model)
    outerSets = try model.outerSets(labels: examples.labels, seed: configuration.seed)
    schedule = try Self.schedule(configuration, layerCount: architecture.layerCount)
    let method = try Self.method(configuration, examples, architecture)
    population = method.population(of: examples.partition)
    shares = examples.shares(of: population)
    // A server knows nothing of its clients' examples but the longest that they may have.
    longestBatch =
      role == .server
      ? configuration.local.batch * configuration.data.maxLength
      : shares.flatMap { $0.map(\.tokens.count) }.sorted(by: >)
        .prefix(configuration.local.batch).reduce(0, +)
    if role != .whole {
      try Self.check(separateClientsOf: method, examples.partition, configuration)
    }
    let clientCount = population.clients.count
    cohorts = try CohortSampling(
      populationCount: clientCount,
      cohortCount: min(configuration.federation.clientsPerRound, clientCount),
      growth: try configuration.federation.cohortGrowth,
      seed: configuration.seed
    )
    let minimum = min(configuration.federation.minClients, clientCount)
    dropouts = DropoutSchedule(
      rate: configuration.federation.dropout,
      minimumCount: minimum,
      seed: configuration.seed
    )
    federation = Federation(
      method: method,
      weighting: configuration.federation.weighting.weighting,
      minimumUpdateCount: minimum,
      wire: WireFormats(
        up: configuration.network.uplinkFormat,
        down: configuration.network.downlinkFormat
      ),
      network: try NetworkModel(
        uplinkMbps: configuration.network.uplinkMbps,
        downlinkMbps: configuration.network.downlinkMbps
      ),
      devices: configuration.devices.model(seed: configuration.seed),
      deadline: configuration.devices.deadline.map { .seconds($0) },
      stragglers: configuration.federation.stragglers
    )
    learningRates = configuration.local.rates(rounds: configuration.federation.rounds)
    adapterConfiguration = configuration.lora.configuration(
      baseModel: configuration.model,
      encoder: architecture.encoder?.family
    )
    let (longest, adapterConfiguration) = (longestBatch, adapterConfiguration)
    let largest = schedule.capacities.max() ?? architecture.layerCount
    let costliest = method.costliestLayers(layerCount: architecture.layerCount)
    let precision = configuration.memory.precision.precision
    // The budget is the clients'; a server alone trains nothing.
    var memory = configuration.memory
    if role == .server { memory.budget = nil }
    let classCount = examples.labels?.count ?? 0
    let mergedRank = method.mergedRank(
      afterRounds: configuration.federation.rounds,
      clientCount: cohorts.cohortCount,
      rank: adapterConfiguration.rank
    )
    memoryPlan = try MemoryPlan.choose(memory) { plan in
      var cost =
        costliest.map {
          StepCost(
            architecture: architecture,
            layers: $0,
            adapter: adapterConfiguration,
            classCount: classCount,
            precision: precision
          )
        }
        ?? StepCost(
          architecture: architecture,
          capacity: largest,
          adapter: adapterConfiguration,
          classCount: classCount,
          precision: precision
        )
      cost.frozenRank = mergedRank
      return MemoryEstimate(cost: cost, plan: plan, tokenCount: longest).byteCount
    }
    ends = try model.ends(
      precision: precision,
      maximumLength: configuration.data.maxLength,
      weights: memoryPlan.weights
    )
    builder = StageBuilder(
      file: model.file,
      ends: ends,
      construction: configuration.stages?.construction ?? StageConstruction(.paper),
      seed: configuration.seed
    )
  }

  /// `alpha / rank`.
  var scale: Float { Float(adapterConfiguration.scale) }

  /// The method as shown: a staged run of federated averaging is DevFT.
  var methodName: String {
    let method = configuration.federation.method.rawValue
    return configuration.stages == nil ? method : "DevFT on \(method)"
  }

  /// Full-depth adapter that the first stage starts from.
  ///
  /// - Parameter layerCount: Layers of the model; those of its file by default.
  /// - Returns: One set a layer.
  func freshAdapter(layerCount: Int? = nil) -> [NamedTensors] {
    makeAdapter(
      adapterConfiguration,
      architecture: model.file.architecture,
      layerCount: layerCount ?? model.file.architecture.layerCount,
      seed: configuration.seed
    ) + outerSets
  }

  /// The adapter that PEFT loads; its rank is its own, its scale that of the run.
  ///
  /// - Parameter sets: What was trained at full depth: one set a layer, and the head of an encoder.
  /// - Returns: The adapter.
  /// - Throws: `FormatError` when a set is not as the configuration says.
  func peftAdapter(_ sets: [NamedTensors]) throws -> PEFTAdapter {
    let layers = Array(sets.prefix(sets.count - outerSets.count))
    return try PEFTAdapter(
      configuration: adapterConfiguration.ofRank(of: layers),
      layers: layers,
      head: outerSets.isEmpty ? NamedTensors() : sets[sets.count - 1]
    )
  }

  private static func checkSupport(_ configuration: RunConfiguration) throws(RunError) {
    if configuration.lora.dropout != 0 {
      throw RunError(
        .unsupported,
        "lora.dropout: expected 0, got \(configuration.lora.dropout); dropout is not built"
      )
    }
  }

  /// Refuses what an encoder cannot do.
  private static func checkSupport(
    _ configuration: RunConfiguration,
    by architecture: ModelArchitecture
  ) throws(RunError) {
    guard let encoder = architecture.encoder else { return }
    let name = configuration.federation.method.rawValue
    if let objection = try? FederatedMethods.named(name).objection(to: .trainedHead) {
      throw RunError(
        .unsupported,
        "federation.method: expected one that can train the head of an encoder (\(encoder.family)), "
          + "got \(name): \(objection)"
      )
    }
    if let path = configuration.federation.prompts {
      throw RunError(
        .unsupported,
        "federation.prompts: expected none for an encoder (\(encoder.family)), got \(path)"
      )
    }
    if configuration.lora.targets.contains(.gate) {
      throw RunError(
        .unsupported,
        "lora.targets: expected none but q, k, v, o, up and down for an encoder (\(encoder.family)), "
          + "got gate"
      )
    }
    if configuration.eval.generate > 0 {
      throw RunError(
        .unsupported,
        "eval.generate: expected 0, since an encoder (\(encoder.family)) writes no answers, got "
          + "\(configuration.eval.generate)"
      )
    }
  }

  private static func schedule(
    _ configuration: RunConfiguration,
    layerCount: Int
  ) throws -> StageSchedule {
    let rounds = configuration.federation.rounds
    guard let stages = configuration.stages else {
      return try StageSchedule(
        capacities: [layerCount],
        layerCount: layerCount,
        totalRounds: rounds
      )
    }
    let capacities =
      stages.capacities
      ?? StageSchedule.growingCapacities(
        layerCount: layerCount,
        initial: stages.initial,
        growth: stages.growth
      )
    if let counts = stages.roundCounts(totalRounds: rounds) {
      return try StageSchedule(
        capacities: capacities,
        layerCount: layerCount,
        roundCounts: counts
      )
    }
    return try StageSchedule(
      capacities: capacities,
      layerCount: layerCount,
      totalRounds: rounds
    )
  }
}
