extension ReportPage {
  /// What each stage was and did.
  var stageTable: Markup? {
    guard !data.stages.isEmpty else { return nil }
    let columns = [
      "stage", "layers", "rounds", "group sizes", "runs of layers", "least anchor weight",
      "norm ratio", "cosine to anchor", "submodel loss", "full loss over transfer", "bytes", "time",
      "peak memory",
    ]
    return Page.section(
      "Stages",
      "Representatives against their anchors, and held-out losses before → after.",
      Page.table(columns, data.stages.map(Self.row), isDense: true)
    )
  }

  private static func row(_ stage: ReportStage) -> [ReportCell] {
    [
      ReportCell(text: "\(stage.stage)"),
      ReportCell(text: "\(stage.capacity)"),
      ReportCell(text: "\(stage.rounds)"),
      ReportCell(text: sizes(stage.groups), style: "groups"),
      ReportCell(text: stage.isContiguous.map { $0 ? "yes" : "no" } ?? NumberText.missing),
      ReportCell(text: NumberText.fixed(stage.anchorCoefficient, decimals: 2)),
      ReportCell(text: NumberText.fixed(stage.normRatio, decimals: 2)),
      ReportCell(text: NumberText.fixed(stage.cosine, decimals: 2)),
      ReportCell(text: change(stage.submodelLossBefore, stage.submodelLossAfter)),
      ReportCell(text: change(stage.fullLossBefore, stage.fullLossAfter)),
      ReportCell(text: NumberText.bytes(stage.bytes)),
      ReportCell(text: NumberText.seconds(stage.seconds)),
      ReportCell(text: NumberText.bytes(stage.peakMemory)),
    ]
  }

  /// Sizes in the groups' order: `11, 9, 6, 4`, or `3, 14 × 2` for one of three and fourteen of two.
  static func sizes(_ groups: [[Int]]) -> String {
    var runs: [(size: Int, count: Int)] = []
    for size in groups.map(\.count) {
      if let last = runs.last, last.size == size {
        runs[runs.count - 1].count += 1
      } else {
        runs.append((size, 1))
      }
    }
    let texts = runs.map { $0.count == 1 ? "\($0.size)" : "\($0.count) × \($0.size)" }
    return texts.isEmpty ? NumberText.missing : texts.joined(separator: ", ")
  }

  private static func change(_ before: Double?, _ after: Double?) -> String {
    guard before != nil || after != nil else { return NumberText.missing }
    return NumberText.fixed(before, decimals: 3) + " → " + NumberText.fixed(after, decimals: 3)
  }

  /// The layers' similarities with the groups.
  var similarityMap: Markup? {
    let stages = data.stages.filter { !$0.groups.isEmpty }.map { stage in
      (name: "stage \(stage.stage): \(stage.capacity)", groups: stage.groups)
    }
    guard let map = SimilarityMap(rows: data.similarity, stages: stages) else { return nil }
    return Page.section(
      "Layer similarity and groups",
      "Cosine of every two layers' parameters. Colours end at the largest one off the diagonal.",
      map.figure
    )
  }
}
