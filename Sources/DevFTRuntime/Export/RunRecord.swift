import DevFTFederation
import DevFTStages
import Foundation

/// What a run directory says about how an adapter came to be, for a model card.
struct RunRecord {
  private let configuration: RunConfiguration
  private let identity: RunIdentity?
  private let summary: RunSummary?
  /// Whether another version of the program wrote what the run reached.
  private let isForeign: Bool
  private let stages: [StageReport]

  /// Reads a run directory, finished or not.
  ///
  /// - Parameter directory: The directory.
  /// - Throws: `RunError` or `ConfigurationError` when it is none, or broken.
  init(_ directory: RunDirectory) throws {
    configuration = try directory.configuration()
    identity = try directory.read(RunIdentity.self, from: "run.json")
    // A card may be written long after the run; what it cost is then not worth failing for.
    do {
      (summary, isForeign) = (try directory.read(RunSummary.self, from: "eval/final.json"), false)
    } catch let error as RunError where error.code == .directory {
      (summary, isForeign) = (nil, true)
    }
    var stages: [StageReport] = []
    while let stage = try directory.read(
      StageReport.self,
      from: "stages/\(stages.count + 1)/groups.json"
    ) {
      stages.append(stage)
    }
    self.stages = stages
  }

  /// The sections of the card.
  var sections: [(title: String, body: String)] {
    [("Data", data), ("Method", method), ("Cost", cost), ("Evaluation", evaluation)]
      .compactMap { title, body in body.map { (title, $0) } }
  }

  private var data: String? {
    let partition = configuration.data.partition
    var rows = [
      ["training examples", ModelCard.lastPart(configuration.data.path)],
      ["partition over clients", "\(partition.kind)"],
      ["most tokens of an example", "\(configuration.data.maxLength)"],
    ]
    if let digest = identity?.dataSHA256 { rows.append(["SHA-256", digest]) }
    if let heldOut = configuration.data.eval {
      rows.append(["held-out examples", ModelCard.lastPart(heldOut)])
    }
    return "The examples stayed with the clients of the federation.\n\n"
      + MarkdownTable(head: ["", ""], rows: rows).text
  }

  private var method: String? {
    let name = configuration.federation.method.rawValue
    let isStaged = configuration.stages != nil
    let settings = RunReport.settings(configuration).filter { $0.name != "model" }
    let table = MarkdownTable(
      head: ["", ""],
      rows: [["method", isStaged ? "DevFT on \(name)" : name]]
        + settings.map { [$0.name, $0.value] }
    ).text
    guard isStaged, !stages.isEmpty else { return table }
    let rows = stages.map { stage in
      [
        "\(stage.stage)", "\(stage.capacity)",
        stage.groups.map { "\($0.members.count)" }.joined(separator: " "),
      ]
    }
    return table + "\n\n"
      + MarkdownTable(head: ["stage", "layers", "group sizes"], rows: rows).text
  }

  private var cost: String? {
    guard let summary else { return nil }
    let bytes = summary.bytes
    let rows = [
      ["adapter, clients to server", NumberText.bytes(bytes.loraUp)],
      ["adapter, server to clients", NumberText.bytes(bytes.loraDown)],
      ["fused layers, server to clients", NumberText.bytes(bytes.baseDown)],
      ["other, both ways", NumberText.bytes(bytes.aux)],
      ["training time of all clients", NumberText.seconds(summary.computeSeconds)],
      ["time of the server", NumberText.seconds(summary.serverSeconds)],
      ["modelled transfer time", NumberText.seconds(summary.transferSeconds)],
      ["peak memory", NumberText.bytes(summary.peakBytes)],
    ]
    return MarkdownTable(head: ["over \(summary.rounds) rounds", ""], rows: rows).text
  }

  private var evaluation: String? {
    guard let summary else {
      return isForeign
        ? "What the run reached was written by another version of devft, and cannot be read."
        : "The run has not finished."
    }
    var rows = [
      ["held-out loss of the base, nats a token", NumberText.fixed(summary.baseLoss, decimals: 4)],
      ["held-out loss at the end", NumberText.fixed(summary.finalLoss, decimals: 4)],
      ["lowest held-out loss", NumberText.fixed(summary.bestLoss, decimals: 4)],
    ]
    if let exact = summary.exactMatch {
      rows.append(["held-out requests answered exactly", NumberText.percent(exact)])
    }
    return MarkdownTable(head: ["", ""], rows: rows).text
  }
}
