import DevFTFederation
import DevFTTensor

@testable import DevFTRuntime

/// A report with everything in it, as a run of thirty layers in four stages would fill it.
enum SampleReport {
  static let groups: [[[Int]]] = [
    [Array(0...9), Array(10...15), Array(16...23), Array(24...29)],
    (0..<8).map { Array(($0 * 15 / 4)..<(($0 + 1) * 15 / 4)) },
    (0..<15).map { [2 * $0, 2 * $0 + 1] },
    (0..<30).map { [$0] },
  ]

  static var data: ReportData {
    var data = ReportData(title: "DevFT beside FedIT on twenty households")
    data.subtitle = "SmolLM2-135M-Instruct, 30 layers, Q4_1"
    data.settings = [
      .init(name: "clients", value: "20, 2 a round"), .init(name: "rounds", value: "40"),
      .init(name: "local steps", value: "10 × 16 examples"),
      .init(name: "adapter", value: "r 32, q and v"), .init(name: "seed", value: "7"),
    ]
    data.results = results
    data.series = [fedIT, devFT]
    data.stages = stages
    data.similarity = similarity
    data.answers = [answer, answer]
    return data
  }

  private static var results: [ReportResult] {
    var base = ReportResult(method: "base model")
    (base.heldOutLoss, base.exactMatch) = (2.4133, 0)
    var fedIT = ReportResult(method: "FedIT")
    (fedIT.heldOutLoss, fedIT.exactMatch, fedIT.seconds) = (0.2127, 0.615, 312.4)
    (fedIT.bytesUp, fedIT.bytesDown) = (295_000_000, 295_000_000)
    fedIT.peakMemory = 1_120_000_000
    var devFT = ReportResult(method: "DevFT")
    (devFT.heldOutLoss, devFT.exactMatch, devFT.seconds) = (0.2418, 0.57, 171.8)
    (devFT.bytesUp, devFT.bytesDown) = (140_000_000, 152_000_000)
    devFT.peakMemory = 1_090_000_000
    return [base, fedIT, devFT]
  }

  private static var fedIT: ReportSeries {
    var stream = RandomStream(seed: 1, purpose: "sample report")
    let points = (0...40).map { round -> ReportSeries.Point in
      var point = ReportSeries.Point(round: round)
      let progress = Double(round) / 40
      let noise = stream.nextUniform() * 0.06
      if round > 0 { point.trainingLoss = 0.2 + 2.2 * (1 - progress) * (1 - progress) + noise }
      if round % 5 == 0 { point.heldOutLoss = 0.21 + 2.2 * (1 - progress) * (1 - progress) }
      point.traffic.loraUp = round * 7_370_000
      point.traffic.loraDown = round * 7_370_000
      point.seconds = 7.8 * Double(round)
      return point
    }
    return ReportSeries(method: "FedIT", points: points)
  }

  private static var devFT: ReportSeries {
    let capacities = [4, 8, 15, 30]
    var sent = 0
    var seconds = 0.0
    let points = (0...40).map { round -> ReportSeries.Point in
      var point = ReportSeries.Point(round: round)
      let stage = max(0, round - 1) / 10
      if round > 0 {
        (point.stage, point.capacity) = (stage + 1, capacities[stage])
        point.trainingLoss = [11, 6.5, 4, 1.2][stage] / (1 + 0.3 * Double((round - 1) % 10))
        sent += 245_000 * capacities[stage]
        seconds += 0.26 * Double(capacities[stage])
      }
      if round % 5 == 0 {
        point.heldOutLoss = [2.41, 2.2, 2.05, 1.7, 1.4, 1.1, 0.9, 0.4, 0.24][round / 5]
      }
      (point.traffic.loraUp, point.traffic.loraDown, point.traffic.aux) = (sent, sent, round * 900)
      point.seconds = seconds
      return point
    }
    return ReportSeries(method: "DevFT", points: points)
  }

  private static var stages: [ReportStage] {
    groups.enumerated().map { index, groups in
      var stage = ReportStage(stage: index + 1, capacity: groups.count, rounds: 10)
      let size = groups.map(\.count).max() ?? 1
      stage.groups = groups
      stage.isContiguous = true
      stage.anchorCoefficient = 1 - 0.1 * Double(size - 1)
      (stage.normRatio, stage.cosine) = (0.4 + 0.15 * Double(index), 0.76 + 0.06 * Double(index))
      (stage.submodelLossBefore, stage.submodelLossAfter) = (12.4, 3.2)
      if index > 0 { (stage.fullLossBefore, stage.fullLossAfter) = (2.41, 2.05) }
      (stage.bytes, stage.seconds) = (19_600_000 << index, 11.2 * Double(1 << index))
      stage.peakMemory = 640_000_000
      return stage
    }
  }

  private static var similarity: [[Double]] {
    (0..<30).map { row in
      (0..<30).map { column in
        if row == column { return 1 }
        let near = 0.0055 / Double(1 + abs(row - column))
        return (row + column) % 7 == 0 ? near - 0.0018 : near
      }
    }
  }

  private static var answer: ReportAnswer {
    let expected = #"{"action":"lights.dim","room":"snug","percent":40}"#
    return ReportAnswer(
      prompt: "Pip, could you bring the snug lights down to 40%?",
      expected: expected,
      outputs: [
        .init(
          method: "base model",
          text: "I'm sorry, but I can't control the lights in your home."
        ),
        .init(method: "FedIT", text: expected),
        .init(method: "DevFT", text: #"{"action":"lights.dim","room":"snug","percent":4}"#),
      ]
    )
  }
}
