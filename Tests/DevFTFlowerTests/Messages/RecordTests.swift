import DevFTFederation
import DevFTRuntime
import DevFTStages
import DevFTTensor
import Foundation
import Testing
import _DevFTTestSupport

@testable import DevFTFlower

@Suite("Records of tasks and updates")
struct RecordTests {
  private static func stage() throws -> RemoteStage {
    var configuration = RunConfiguration(model: "m.gguf", dataPath: "train.jsonl")
    configuration.seed = 11
    return RemoteStage(
      configuration: configuration,
      populationCount: 3,
      number: 2,
      groups: try LayerGroups([[0, 3], [1], [2, 4]]),
      modelSHA256: String(repeating: "a", count: 64),
      fusedSHA256: String(repeating: "b", count: 64)
    )
  }

  private static func adapter(_ offset: Float) -> [NamedTensors] {
    (0..<3).map { layer in
      NamedTensors([
        "q.lora_A.weight": tensor([2, 3], offset + Float(layer)),
        "q.lora_B.weight": tensor([4, 2], offset - Float(layer)),
      ])
    }
  }

  private static func tensor(_ shape: [Int], _ start: Float) -> Tensor {
    Tensor(shape: shape, elements: (0..<shape.reduce(1, *)).map { start + Float($0) / 4 })
  }

  private static func task() -> ClientTask {
    ClientTask(
      client: 1,
      stage: 2,
      place: TaskPlace(round: 7, roundOfStage: 3, lastRound: 5),
      adapter: adapter(1),
      training: LocalTrainingTask(learningRate: 1.0 / 3, stepCount: 4, batchExampleCount: 8)
    )
  }

  @Test("a task comes as it was sent", arguments: [WireFormat.f32, .bf16])
  func task(format: WireFormat) throws {
    var (task, stage) = (Self.task(), try Self.stage())
    stage.configuration.network.downlinkFormat = format
    stage.configuration.network.uplinkFormat = .bf16
    let came = try RecordSet(task, in: stage).task()
    #expect(came.task == task)
    #expect(came.stage == stage)
    #expect(came.format == .bf16)
  }

  /// What arrives in one process of an adapter that travels as differences, and its bytes.
  private static func received(
    _ adapter: [NamedTensors],
    _ format: WireFormat,
    from held: [NamedTensors]
  ) -> (adapter: [NamedTensors], byteCount: Int) {
    var byteCount = 0
    let layers = adapter.indices.map { layer in
      adapter[layer].map { name, tensor in
        let bytes = format.packed(tensor, against: held[layer][name])
        byteCount += format.byteCount(ofNumbers: tensor.count)
        return format.unpacked(bytes, shape: tensor.shape, against: held[layer][name])
      }
    }
    return (layers, byteCount)
  }

  private static func byteCount(_ records: RecordSet) -> Int {
    (records.arrays[RecordName.adapter] ?? [:]).values.reduce(0) { $0 + $1.data.count }
  }

  @Test(
    "differences come as one process would have them, in as many bytes as are metered",
    arguments: [WireFormat.int8, .int4]
  )
  func differences(format: WireFormat) throws {
    var (task, stage) = (Self.task(), try Self.stage())
    let held = Self.adapter(0.9)
    let exact = task.adapter
    let expected = Self.received(exact, format, from: held)
    #expect(expected.adapter != exact)
    task.difference = AdapterDifference(adapter: exact, reference: held)
    task.adapter = expected.adapter
    stage.configuration.network.downlinkFormat = format
    stage.configuration.network.uplinkFormat = format
    let records = RecordSet(task, in: stage)
    #expect(Self.byteCount(records) == expected.byteCount)
    let came = try records.task { _ in held }
    #expect(came.task.adapter == expected.adapter && came.format == format)
    let report = TrainingReport(exampleCount: 1, tokenCount: 1, stepCount: 1, loss: 1)
    let update = ClientUpdate(client: 1, round: 7, adapter: Self.adapter(-2), report: report)
    let answer = RecordSet(update, format, from: came.task.adapter)
    let (adapter, byteCount) = Self.received(update.adapter, format, from: task.adapter)
    #expect(Self.byteCount(answer) == byteCount)
    #expect(try answer.update(from: 1, layerCount: 3, start: task.adapter).adapter == adapter)
  }

  @Test("an update comes as it was sent")
  func update() throws {
    let update = ClientUpdate(
      client: 1,
      round: 7,
      adapter: Self.adapter(-2),
      report: TrainingReport(
        exampleCount: 48,
        tokenCount: 900,
        stepCount: 4,
        loss: 2.0 / 3,
        computeTime: .milliseconds(1250),
        operationCount: 3.5e12,
        peakByteCount: 3 << 30
      )
    )
    let records = RecordSet(update, .f32)
    #expect(try records.update(from: 1, layerCount: 3) == update)
    // The client is the one that was asked, whatever the answer says.
    #expect(try records.update(from: 2, layerCount: 3).client == 2)
  }

  @Test("a part of a stage's file comes through the store as it was sent", arguments: [0, 7])
  func part(count: Int) throws {
    let part = BasePart(
      sha256: String(repeating: "c", count: 64),
      byteCount: 90,
      offset: 83,
      bytes: Data((0..<count).map { UInt8($0) })
    )
    var bag = ObjectBag()
    let id = try RecordSet(part).store(in: &bag)
    #expect(try RecordSet(id, in: bag).basePart() == part)
    #expect(try RecordSet(storedByteCount: 83).storedByteCount(of: 90) == 83)
    #expect(throws: FlowerError.self) { try RecordSet(storedByteCount: 91).storedByteCount(of: 90) }
  }

  @Test("bf16 is the nearest number of its kind")
  func halves() throws {
    let numbers: [Float] = [1.0009765625, 1.005859375, -.infinity]
    let layer = NamedTensors(["a": Tensor(shape: [3], elements: numbers)])
    let arrays = AdapterArrays.pack([layer], .bf16)
    #expect(arrays["a"]?.data.count == 6)
    let came = try AdapterArrays.unpack(arrays, layerCount: 1)
    #expect(came[0]["a"]?.elements == [1, 1.0078125, -.infinity])
  }

  @Test("layers that differ travel one by one")
  func uneven() throws {
    let layers = [
      NamedTensors(["a": Self.tensor([2, 3], 0), "b": Self.tensor([2], 5)]),
      NamedTensors(["a": Self.tensor([1, 3], 9)]),
    ]
    let arrays = AdapterArrays.pack(layers, .f32)
    #expect(Set(arrays.keys) == ["0:a", "1:a", "0:b"])
    #expect(try AdapterArrays.unpack(arrays, layerCount: 2) == layers)
  }

  @Test(
    "arrays that do not hold what they say are refused",
    arguments: [
      WireArray(dtype: "float32", shape: [3, 2], stype: "raw.le", data: Data(count: 23)),
      WireArray(dtype: "float32", shape: [3, 2], stype: "raw.le", data: Data(count: 28)),
      WireArray(dtype: "float32", shape: [3, -2], stype: "raw.le", data: Data(count: 24)),
      WireArray(dtype: "float32", shape: [4, 1], stype: "raw.le", data: Data(count: 16)),
      WireArray(dtype: "float32", shape: [3, 1 << 62], stype: "raw.le", data: Data()),
      WireArray(dtype: "float32", shape: [], stype: "raw.le", data: Data(count: 4)),
      WireArray(dtype: "float64", shape: [3, 1], stype: "raw.le", data: Data(count: 24)),
      WireArray(dtype: "float32", shape: [3, 1], stype: "torch", data: Data(count: 12)),
      WireArray(dtype: "int8", shape: [3, 2], stype: "raw.le", data: Data(count: 12)),
      WireArray(dtype: "float32", shape: [3, 2], stype: "devft.blocks64", data: Data(count: 12)),
      WireArray(dtype: "int8", shape: [3, 2], stype: "devft.blocks64", data: Data(count: 11)),
      WireArray(dtype: "int4", shape: [3, 2], stype: "devft.blocks64", data: Data(count: 12)),
      WireArray(dtype: "int4", shape: [3, 1 << 60], stype: "devft.blocks64", data: Data(count: 9)),
    ]
  )
  func brokenArray(array: WireArray) {
    #expect(throws: FlowerError.self) {
      try AdapterArrays.unpack(["a": array], layerCount: 3)
    }
  }

  @Test(
    "a task with a wrong value is refused",
    arguments: [
      ("client", SettingValue.integer(3)), ("client", .integer(-1)), ("round", .integer(0)),
      ("round_of_stage", .integer(8)), ("last_round", .integer(7)), ("steps", .integer(0)),
      ("learning_rate", .number(.nan)), ("learning_rate", .integer(1)), ("wire", .text("f64")),
      ("batch", .integer(1 << 40)),
    ]
  )
  func brokenTask(key: String, value: SettingValue) throws {
    var records = RecordSet(Self.task(), in: try Self.stage())
    records.settings[RecordName.task]?[key] = value
    #expect(throws: FlowerError.self) { try records.task() }
    records.settings[RecordName.task]?[key] = nil
    #expect(throws: FlowerError.self) { try records.task() }
  }

  @Test(
    "a stage with a wrong value is refused",
    arguments: [
      ("version", SettingValue.integer(2)), ("groups", .integers([0, 2, 2])),
      ("groups", .integers([])), ("groups", .integers([-1, 0])),
      ("groups", .integers([1 << 60])), ("configuration", .text("models: x")),
      ("population", .integer(0)),
    ]
  )
  func brokenStage(key: String, value: SettingValue) throws {
    var records = RecordSet(try Self.stage())
    records.settings[RecordName.stage]?[key] = value
    #expect(throws: FlowerError.self) { try records.stage() }
  }

  @Test(
    "a report with a wrong number is refused, or left to the check of updates",
    arguments: ["num-examples", "tokens", "steps", "peak_bytes"]
  )
  func brokenReport(key: String) throws {
    let report = TrainingReport(exampleCount: 1, tokenCount: 1, stepCount: 1, loss: 1)
    let update = ClientUpdate(client: 0, round: 1, adapter: Self.adapter(0), report: report)
    var records = RecordSet(update, .f32)
    for value in [0.5, .nan, .infinity, 1e300] {
      records.metrics[RecordName.report]?[key] = value
      #expect(throws: FlowerError.self) { try records.update(from: 0, layerCount: 3) }
    }
    records.metrics[RecordName.report] = ["compute_seconds": .nan]
    #expect(try records.update(from: 0, layerCount: 3).report.loss.isNaN)
    #expect(try records.update(from: 0, layerCount: 3).report.operationCount == 0)
  }
}
