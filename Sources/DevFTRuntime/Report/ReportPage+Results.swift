import DevFTFederation

extension ReportPage {
  /// What each method ended with.
  var results: Markup? {
    guard !data.results.isEmpty else { return nil }
    let lowest = data.results.compactMap(\.heldOutLoss).filter(\.isPresentable).min()
    let highest = data.results.compactMap(\.exactMatch).filter(\.isPresentable).max()
    let rows = data.results.map { result in
      [
        ReportCell(text: result.method),
        ReportCell(
          text: NumberText.fixed(result.heldOutLoss, decimals: 4),
          style: result.heldOutLoss != nil && result.heldOutLoss == lowest ? "best" : ""
        ),
        ReportCell(
          text: NumberText.percent(result.exactMatch),
          style: result.exactMatch != nil && result.exactMatch == highest ? "best" : ""
        ),
        ReportCell(text: NumberText.seconds(result.seconds)),
        ReportCell(text: NumberText.bytes(result.bytesUp)),
        ReportCell(text: NumberText.bytes(result.bytesDown)),
        ReportCell(text: NumberText.bytes(result.peakMemory)),
      ]
    }
    return Page.section(
      "Results",
      "The full-depth model on held-out examples after the last round.",
      Page.table(
        ["method", "held-out loss", "exact match", "time", "sent", "received", "peak memory"],
        rows
      )
    )
  }

  /// What each method needed to get to the loss that all of them reached.
  var sameLoss: Markup? {
    let lowest = data.series.compactMap(\.lowestHeldOutLoss)
    guard lowest.count >= 2, let target = lowest.max() else { return nil }
    let rows = data.series.compactMap { series -> [ReportCell]? in
      guard let point = series.firstPoint(reaching: target) else { return nil }
      return [
        ReportCell(text: series.method),
        ReportCell(text: "\(point.round)"),
        ReportCell(text: NumberText.seconds(point.seconds)),
        ReportCell(text: NumberText.bytes(point.traffic.loraUp)),
        ReportCell(text: NumberText.bytes(point.traffic.total)),
      ]
    }
    let loss = NumberText.fixed(target, decimals: 4)
    return Page.section(
      "To the same loss",
      "When each method first measured a held-out loss of \(loss), the lowest that all reached.",
      Page.table(["method", "round", "time", "adapters sent", "bytes both ways"], rows)
    )
  }

  /// Bytes by kind at the end of each series.
  var traffic: Markup? {
    let rows = data.series.compactMap { series -> [ReportCell]? in
      guard let bytes = series.points.last?.traffic else { return nil }
      let kinds = [bytes.loraUp, bytes.loraDown, bytes.baseDown, bytes.aux, bytes.total]
      return [ReportCell(text: series.method)]
        + kinds.map { ReportCell(text: NumberText.bytes($0)) }
    }
    guard !rows.isEmpty else { return nil }
    return Page.section(
      "Traffic by kind",
      "All clients and rounds together. Base layers travel only to clients that hold no base.",
      Page.table(["method", "lora_up", "lora_down", "base_down", "aux", "all"], rows)
    )
  }
}
