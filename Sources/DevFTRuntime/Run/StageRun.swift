import DevFTFederation
import DevFTFormats
import DevFTModel
import DevFTStages
import DevFTTensor
import DevFTTraining
import Foundation

/// One stage: submodel, rounds, transfer.
struct StageRun {
  private let simulation: Simulation

  init(_ simulation: Simulation) { self.simulation = simulation }

  private var setting: RunSetting { simulation.setting }
  private var directory: RunDirectory { simulation.directory }

  /// Runs the rounds that are left of the stage and carries the adapters to full depth.
  ///
  /// - Parameter progress: Where the run stands; at the start of the next stage afterwards.
  /// - Throws: When a round fails or the run directory cannot be written.
  func run(_ progress: inout RunProgress) throws {
    ProcessMemory.resetPeak()
    let stage = progress.stage
    let rounds = setting.schedule.rounds(ofStage: stage)
    let lossesName = StageLosses.name(ofStage: stage)
    var losses = try directory.read(StageLosses.self, from: lossesName) ?? StageLosses()
    let submodel = try open(&progress)
    let (groups, decoder) = (submodel.groups, submodel.decoder)
    if progress.round < rounds.lowerBound {
      losses.fullBefore = progress.fullLoss
      losses.submodelBefore =
        groups.count == groups.layerCount
        ? progress.fullLoss : try loss(of: progress.state, groups, on: decoder)
      try directory.write(losses, to: lossesName)
    }
    let link = try link(to: submodel, stage: stage)
    let reference = try setting.reference(of: groups)
    while progress.round < rounds.upperBound, !isOver(progress) {
      try RoundRun(
        simulation: simulation,
        stage: stage,
        groups: groups,
        decoder: decoder,
        link: link,
        reference: reference
      ).run(&progress)
    }
    // Only clients without the base model had it made; the next stage has another.
    try? FileManager.default.removeItem(atPath: stageFile(stage))
    losses.submodelAfter = progress.records.last?.submodelLoss
    let method = setting.federation.method
    let late = progress.state.late
    progress.state = try method.stateAfterStage(progress.state).mapAdapters {
      try StageTransfer.fullAdapter(from: $0, groups: groups)
    }
    // What is left of the state is the method's business; answers on their way are not.
    progress.state.late = late
    progress.state.bank.closeStage(groups.members)
    progress.fullLoss = progress.records.last?.heldOutLoss
    losses.fullAfter = progress.fullLoss
    try directory.write(losses, to: lossesName)
    (progress.openReport, progress.previousGroups) = (nil, groups)
    progress.supplied = []
    progress.stage += 1
  }

  /// Whether the last stage has stopped getting better; earlier ones have the next stage to wait for.
  private func isOver(_ progress: RunProgress) -> Bool {
    progress.stage == setting.schedule.stageCount
      && progress.isStalled(patience: setting.configuration.eval.patience)
  }

  /// Where the file lies that clients without the base model are sent.
  private func stageFile(_ stage: Int) -> String { directory.path("stages/\(stage)/base.gguf") }

  /// What a stage trains.
  private struct Submodel {
    let groups: LayerGroups
    let decoder: any TrainableModel
    /// Of the layers that were fused.
    let digest: LayerDigest
  }

  /// The stage's submodel, built anew or from the groups of the run that goes on.
  private func open(_ progress: inout RunProgress) throws -> Submodel {
    if let report = progress.openReport {
      announce(report, progress)
      let groups = try LayerGroups(report.groups.map(\.members))
      return try submodel(of: groups, progress.state.bank)
    }
    let capacity = setting.schedule.capacity(ofStage: progress.stage)
    let (groups, report) = try setting.builder.group(
      stage: progress.stage,
      capacity: capacity,
      adapter: setting.federation.method.groupedAdapter(in: progress.state),
      previous: progress.previousGroups,
      merged: MergedFactors(layers: progress.state.bank.layers, scale: setting.scale)
    )
    try writeMerged(progress.state.bank, stage: progress.stage)
    try directory.write(report, to: "stages/\(progress.stage)/groups.json")
    let fusion = setting.builder.construction.fusion
    progress.state = try progress.state.mapAdapters {
      try StageTransfer.submodelAdapter(from: $0, groups: groups, fusion: fusion)
    }
    progress.state.bank.openStage(groups.members)
    announce(report, progress)
    return try submodel(of: groups, progress.state.bank)
  }

  /// Keeps what the stages before have merged, as an adapter of the full model: `devft export --stage` fuses
  /// the layers with it.
  private func writeMerged(_ bank: FactorBank, stage: Int) throws {
    guard !bank.layers.isEmpty else { return }
    let layers = FactorBank.joined(bank.layers, bank.layers.map { _ in NamedTensors() })
    try setting.peftAdapter(layers).write(to: directory.path(RunDirectory.merged(stage: stage)))
  }

  private func announce(_ report: StageReport, _ progress: RunProgress) {
    let local = setting.configuration.local
    simulation.report(
      .stage(
        RunEvent.Stage(
          report: report,
          stageCount: setting.schedule.stageCount,
          finishedRounds: progress.round,
          roundCount: setting.configuration.federation.rounds,
          stepsPerRound: local.epochs == nil ? local.steps * setting.cohorts.cohortCount : nil,
          byteCount: progress.records.reduce(0) { $0 + $1.bytes.up + $1.bytes.down }
        )
      )
    )
  }

  /// The full model is shared with the evaluation; others are fused for the stage.
  private func submodel(of groups: LayerGroups, _ bank: FactorBank) throws -> Submodel {
    var digest = LayerDigest()
    guard groups.count < groups.layerCount else {
      return Submodel(groups: groups, decoder: try simulation.evaluation.full(), digest: digest)
    }
    let decoder = try setting.builder.model(
      of: groups,
      merged: MergedFactors(layers: bank.folded, scale: setting.scale),
      digest: &digest
    )
    return Submodel(groups: groups, decoder: decoder, digest: digest)
  }

  private func loss(
    of state: FederatedState,
    _ groups: LayerGroups,
    on decoder: any TrainableModel
  ) throws -> Double? {
    let adapters = setting.federation.method.evaluated(in: state)
    let results = ResultAdapters(bank: state.bank, groups: groups)
    return try simulation.evaluation.loss(of: results.ofSubmodel(adapters), on: decoder)
  }

  /// The way to the clients: threads of this process, or machines of their own.
  private func link(to submodel: Submodel, stage: Int) throws -> any ServerLink {
    if let clients = simulation.clients {
      // Where the server keeps its data concerns nobody else.
      var configuration = setting.configuration
      (configuration.data.path, configuration.data.eval) = ("examples.jsonl", nil)
      configuration.federation.prompts = nil
      return try clients.link(
        RemoteStage(
          configuration: configuration,
          populationCount: setting.population.clients.count,
          number: stage,
          groups: submodel.groups,
          modelSHA256: simulation.modelSHA256,
          fusedSHA256: submodel.digest.text
        )
      ) { [setting, file = stageFile(stage), groups = submodel.groups] in
        try StageFile(of: setting, groups: groups, path: file)
      }
    }
    let report = simulation.report
    let trainer = setting.trainer(of: submodel.decoder) { step in
      report(.step(loss: step.loss.mean, targets: step.loss.targetCount))
    }
    let workers = setting.configuration.federation.workers
    let threads = max(1, Threads.count / workers)
    let (dropouts, cohorts) = (setting.dropouts, setting.cohorts)
    return InProcessLink(
      workerCount: workers,
      trainer: dropouts.rate == 0
        ? trainer
        : DroppingTrainer(trainer) { client, round in
          dropouts.dropped(from: cohorts.cohort(round: round), round: round).contains(client)
        },
      workerSetUp: { _ in Threads.count = threads }
    )
  }
}
