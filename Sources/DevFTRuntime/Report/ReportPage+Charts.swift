import DevFTFederation

extension ReportPage {
  /// Loss over rounds, bytes and time.
  var charts: Markup? {
    guard !data.series.isEmpty else { return nil }
    let points = data.series.flatMap(\.points)
    let bytes = AxisUnit.bytes(upTo: points.map { Double($0.traffic.total) }.max() ?? 0)
    let time = AxisUnit.time(upTo: points.map(\.seconds).filter(\.isPresentable).max() ?? 0)
    let loss = "nats per token"
    let figures = [
      LineChart(
        title: "Held-out loss by round",
        xTitle: "round",
        yTitle: loss,
        lines: lines(\.heldOutLoss) { Double($0.round) },
        marks: stageMarks,
        xIsWhole: true
      ),
      LineChart(
        title: "Held-out loss by bytes sent and received",
        xTitle: bytes.name,
        yTitle: loss,
        lines: lines(\.heldOutLoss) { Double($0.traffic.total) / bytes.factor }
      ),
      LineChart(
        title: "Held-out loss by computing time",
        xTitle: time.name,
        yTitle: loss,
        lines: lines(\.heldOutLoss) { $0.seconds / time.factor }
      ),
      LineChart(
        title: "Training loss of the clients by round",
        xTitle: "round",
        yTitle: loss,
        lines: lines(\.trainingLoss) { Double($0.round) },
        marks: stageMarks,
        xIsWhole: true
      ),
    ]
    return Page.section(
      "Loss",
      """
      Held out: the full model. Training: the model that the clients hold, a submodel in early stages. \
      Dotted lines: a stage begins. Point at a dot for its numbers.
      """,
      .tag("div", ["class": "charts"], figures.map(\.figure))
    )
  }

  private func lines(
    _ loss: KeyPath<ReportSeries.Point, Double?>,
    by place: (ReportSeries.Point) -> Double
  ) -> [LineChart.Line] {
    data.series.enumerated().map { index, series in
      let points = series.points.compactMap { point in
        point[keyPath: loss].map { (x: place(point), y: $0) }
      }
      return LineChart.Line(name: series.method, colour: index, points: points)
    }
  }

  /// The first round of each stage, of the first series that has stages.
  private var stageMarks: [LineChart.Mark] {
    let staged = data.series.first { $0.points.contains { $0.stage != nil } }
    var last: Int?
    return (staged?.points ?? []).compactMap { point in
      guard let stage = point.stage, stage != last else { return nil }
      last = stage
      let layers = point.capacity.map { "\($0) layers" } ?? "stage \(stage)"
      return LineChart.Mark(x: Double(point.round), label: layers)
    }
  }
}

/// The unit that keeps an axis' numbers small.
struct AxisUnit: Equatable {
  /// Name on the axis.
  var name: String
  /// Bytes or seconds in one unit.
  var factor: Double

  /// The unit of an axis of bytes.
  static func bytes(upTo largest: Double) -> AxisUnit {
    let unit = ByteCountText.units.first { largest >= $0.factor } ?? ("B", 1)
    return AxisUnit(name: unit.name, factor: unit.factor)
  }

  /// The unit of an axis of seconds.
  static func time(upTo largest: Double) -> AxisUnit {
    if largest >= 3 * 3600 { return AxisUnit(name: "hours", factor: 3600) }
    if largest >= 180 { return AxisUnit(name: "minutes", factor: 60) }
    return AxisUnit(name: "seconds", factor: 1)
  }
}
