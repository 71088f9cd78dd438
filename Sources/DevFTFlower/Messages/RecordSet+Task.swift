import DevFTFederation
import DevFTRuntime
import DevFTStages
import DevFTTensor

extension RecordSet {
  /// What asks a client to train.
  init(_ task: ClientTask, in stage: RemoteStage) {
    self.init(stage)
    settings[RecordName.task] = [
      "client": .integer(Int64(task.client)),
      "round": .integer(Int64(task.place.round)),
      "round_of_stage": .integer(Int64(task.place.roundOfStage)),
      "last_round": .integer(Int64(task.place.lastRound ?? 0)),
      "learning_rate": .number(task.training.learningRate),
      "steps": .integer(Int64(task.training.stepCount)),
      "batch": .integer(Int64(task.training.batchExampleCount)),
      "wire": .text(stage.configuration.network.uplinkFormat.rawValue),
    ]
    arrays[RecordName.adapter] = AdapterArrays.pack(
      task.difference?.adapter ?? task.adapter,
      stage.configuration.network.downlinkFormat,
      against: task.difference?.reference ?? []
    )
  }

  /// The task that a client is asked to do, with its stage and the way its numbers travel back.
  ///
  /// - Parameter reference: Says what a client of the stage holds in the adapter's place, where differences
  ///   travel; nothing by default.
  /// - Returns: All that was sent.
  /// - Throws: `FlowerError` with code `malformed` or `unsupported`; what `reference` throws.
  func task(
    reference: (_ stage: RemoteStage) throws -> [NamedTensors] = { _ in [] }
  ) throws -> (task: ClientTask, stage: RemoteStage, format: WireFormat) {
    let stage = try stage()
    let record = try settings(RecordName.task)
    let round = try record.integer("round", in: 1...1_000_000)
    let lastRound = try record.integer("last_round", in: 0...(round - 1))
    let wire = try record.text("wire")
    guard let format = WireFormat(rawValue: wire) else {
      throw FlowerError(.unsupported, "wire: expected f32, bf16, int8 or int4, got \(wire.excerpt)")
    }
    let isDifference = stage.configuration.network.downlinkFormat.isDifference
    let task = ClientTask(
      client: try record.integer("client", in: 0...(stage.populationCount - 1)),
      stage: stage.number,
      place: TaskPlace(
        round: round,
        roundOfStage: try record.integer("round_of_stage", in: 1...round),
        lastRound: lastRound == 0 ? nil : lastRound
      ),
      adapter: try AdapterArrays.unpack(
        arrays[RecordName.adapter] ?? [:],
        layerCount: stage.groups.count,
        against: isDifference ? try reference(stage) : []
      ),
      training: LocalTrainingTask(
        learningRate: try record.positive("learning_rate"),
        stepCount: try record.integer("steps", in: 1...1_000_000),
        batchExampleCount: try record.integer("batch", in: 1...65_536)
      )
    )
    return (task, stage, format)
  }
}
