import DevFTEvaluation
public import DevFTFederation

/// What a finished run cost and reached.
public struct RunSummary: Codable, Sendable {
  /// Held-out loss of the base model, or `nil` without held-out examples.
  public var baseLoss: Double?
  /// Held-out loss of the full-depth model at the end.
  public var finalLoss: Double?
  /// Lowest held-out loss of the full-depth model at any measurement.
  public var bestLoss: Double?
  /// Share of the held-out classes that the final encoder gets right; `nil` of a decoder.
  public var finalAccuracy: Double?
  /// Share of held-out requests that the final adapter answers exactly; `nil` where none is asked.
  public var exactMatch: Double?
  /// What the base model reaches on `eval.tasks`, by task; `nil` where none are asked for.
  public var baseBenchmarks: [String: Double]?
  /// What the final model reaches on them.
  public var benchmarks: [String: Double]?
  /// Rounds.
  public var rounds: Int
  /// Bytes of all rounds by kind.
  public var bytes: Traffic
  /// Training time of all clients, in seconds.
  public var computeSeconds: Double
  /// Floating-point operations of that training.
  public var operations: Double?
  /// Modelled time of all rounds, in seconds; none where `devices.gigaflops` is not set.
  public var roundSeconds: Double?
  /// Time of the server, in seconds.
  public var serverSeconds: Double
  /// Modelled time on the wire, in seconds.
  public var transferSeconds: Double
  /// Largest resident size of the process, in bytes.
  public var peakBytes: Int
  /// Updates that did not count, and clients that sent none.
  public var lostUpdates: Int
  /// Rounds that changed nothing, because too few updates came.
  public var skippedRounds: Int

  private enum CodingKeys: String, CodingKey {
    case rounds, bytes, benchmarks
    case baseBenchmarks = "base_benchmarks"
    case baseLoss = "base_loss"
    case finalLoss = "final_loss"
    case bestLoss = "best_loss"
    case finalAccuracy = "final_accuracy"
    case exactMatch = "exact_match"
    case computeSeconds = "compute_seconds"
    case operations = "flops"
    case roundSeconds = "round_seconds"
    case serverSeconds = "server_seconds"
    case transferSeconds = "transfer_seconds"
    case peakBytes = "peak_bytes"
    case lostUpdates = "lost_updates"
    case skippedRounds = "skipped_rounds"
  }

  /// Adds up a run directory's records.
  ///
  /// - Parameters:
  ///   - directory: The run directory.
  ///   - finalLoss: Held-out loss of the full-depth model at the end.
  /// - Throws: `RunError` when a file of the directory cannot be read.
  init(directory: RunDirectory, finalLoss: Double?) throws {
    let records = try directory.records()
    let base = try directory.read([String: Double?].self, from: "eval/base.json")
    baseLoss = base?["loss"] ?? nil
    self.finalLoss = finalLoss
    bestLoss = records.compactMap(\.heldOutLoss).min()
    finalAccuracy = records.last?.heldOutAccuracy
    baseBenchmarks = try directory.read([String: Double].self, from: RunDirectory.baseBenchmarks)
    benchmarks = records.last?.benchmarks
    exactMatch = try directory.answers()?.exactShare
    rounds = records.count
    bytes = records.reduce(Traffic()) { $0 + $1.bytes }
    computeSeconds = records.reduce(0) { $0 + $1.computeSeconds }
    operations = records.reduce(0) { $0 + ($1.operations ?? 0) }
    let modelled = records.compactMap(\.roundSeconds)
    roundSeconds = modelled.isEmpty ? nil : modelled.reduce(0, +)
    serverSeconds = records.reduce(0) { $0 + $1.serverSeconds }
    transferSeconds = records.reduce(0) { $0 + $1.transferSeconds }
    peakBytes = records.map(\.peakBytes).max() ?? 0
    lostUpdates = records.reduce(0) { sum, record in
      // What came late and counted all the same was refused before.
      sum + record.rejected.count + record.failed.count - (record.lateness?.count ?? 0)
    }
    skippedRounds = records.count { $0.skipped != nil }
  }
}

extension RunSummary {
  private var lost: String {
    (lostUpdates == 0 ? "" : "\nlost updates   \(lostUpdates)")
      + (skippedRounds == 0 ? "" : "\nskipped rounds \(skippedRounds)")
  }

  private var measured: String {
    (benchmarks ?? [:]).sorted { $0.key < $1.key }.map { task, value in
      let base = baseBenchmarks?[task].map { ", base \(NumberText.fixed($0, decimals: 4))" } ?? ""
      let name = task + String(repeating: " ", count: max(1, 15 - task.count))
      return "\n\(name)\(NumberText.fixed(value, decimals: 4))\(base)"
    }.joined()
  }

  /// The summary in a few lines.
  public var text: String {
    let losses = [("base", baseLoss), ("final", finalLoss), ("best", bestLoss)]
      .compactMap { name, loss in loss.map { "\(name) \(NumberText.fixed($0, decimals: 4))" } }
    let accuracy =
      finalAccuracy.map { "\naccuracy       \(NumberText.percent($0))" } ?? ""
    let exact = exactMatch.map { "\nexact match    \(NumberText.percent($0))" } ?? ""
    let compute = DurationText.text(.seconds(computeSeconds))
    return """
      held-out loss  \(losses.isEmpty ? "not measured" : losses.joined(separator: ", "))\(accuracy)\(exact)\(measured)
      bytes          \(ByteCountText.text(bytes.up)) up, \(ByteCountText.text(bytes.down)) down
      device time    \(compute) over \(rounds) rounds
      peak memory    \(ByteCountText.text(peakBytes))\(lost)
      """
  }
}
