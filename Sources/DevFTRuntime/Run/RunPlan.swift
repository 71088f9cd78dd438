import DevFTFederation
import DevFTFormats
import DevFTModel
import DevFTStages

/// What a run would do and cost, stage by stage, before any training.
public struct RunPlan: Codable, Sendable {
  /// One stage.
  public struct Stage: Codable, Sendable {
    /// Stage from 1.
    public var stage: Int
    /// Layers of the submodel; where a method lets clients run some of its layers, the most of a round.
    public var capacity: Int
    /// Rounds.
    public var rounds: Int
    /// Layer groups, by the weights as they are now; training may change those of later stages.
    public var groups: [[Int]]
    /// Adapter bytes that one client sends after a round: the most of the stage's first two cohorts.
    public var loraBytes: Int
    /// Bytes of the submodel's frozen weights in memory, embedding and head included.
    public var baseBytes: Int
    /// Floating-point operations of a step over a batch of mean length.
    public var stepFLOPs: Double
    /// Resident memory of a client, estimated for its longest batch, in bytes.
    public var memoryBytes: Int

    private enum CodingKeys: String, CodingKey {
      case stage, capacity, rounds, groups
      case loraBytes = "lora_bytes"
      case baseBytes = "base_bytes"
      case stepFLOPs = "step_flops"
      case memoryBytes = "memory_bytes"
    }
  }

  /// Clients that hold examples.
  public var clients: Int
  /// Examples of all clients together.
  public var examples: Int
  /// Mean tokens of an example.
  public var meanTokens: Double
  /// The stages.
  public var stages: [Stage]

  private enum CodingKeys: String, CodingKey {
    case clients, examples, stages
    case meanTokens = "mean_tokens"
  }

  /// Plans a run; reads the model and the data, trains nothing.
  ///
  /// - Parameter configuration: The run.
  /// - Throws: When model or data do not fit.
  public init(_ configuration: RunConfiguration) throws {
    let setting = try RunSetting(configuration)
    let lengths = setting.shares.flatMap { $0.map(\.tokens.count) }
    clients = setting.population.clients.count
    examples = lengths.count
    meanTokens = Double(lengths.reduce(0, +)) / Double(lengths.count)
    let batch = configuration.local.batch
    let mean = Int(meanTokens * Double(batch))
    let targets = setting.shares.flatMap { $0.map(\.targetCount) }
    let targetShare = Double(targets.reduce(0, +)) / Double(lengths.reduce(0, +))
    let adapter = setting.freshAdapter()
    var (stages, previous): ([Stage], LayerGroups?) = ([], nil)
    for stage in 1...setting.schedule.stageCount {
      let capacity = setting.schedule.capacity(ofStage: stage)
      let groups = try setting.builder.group(
        stage: stage,
        capacity: capacity,
        adapter: adapter,
        previous: previous
      ).groups
      let rounds = setting.schedule.rounds(ofStage: stage)
      let cost = setting.stepCost(capacity: capacity, afterRounds: rounds.upperBound - 1)
      stages.append(
        Stage(
          stage: stage,
          capacity: cost.capacity,
          rounds: rounds.count,
          groups: groups.members,
          loraBytes: setting.largestUplink(ofStage: stage, adapter),
          baseBytes: setting.baseByteCount(cost),
          stepFLOPs: cost.operations(
            tokenCount: mean,
            targetCount: Int(Double(mean) * targetShare),
            squaredLengths: Int(meanTokens * meanTokens) * batch
          ),
          memoryBytes: setting.memoryEstimate(cost)
        )
      )
      previous = groups
    }
    self.stages = stages
  }
}
