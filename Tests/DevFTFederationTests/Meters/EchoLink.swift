import DevFTFederation

/// A link whose clients send back what they got.
struct EchoLink: ServerLink {
  /// Operations that every client reports.
  var operationCount = 0.0

  func perform(_ tasks: [ClientTask]) -> [ClientOutcome] {
    tasks.map { task in
      let report = TrainingReport(
        exampleCount: 1,
        tokenCount: 1,
        stepCount: 1,
        loss: 1,
        operationCount: operationCount
      )
      return .update(
        ClientUpdate(
          client: task.client,
          round: task.round,
          adapter: task.adapter,
          auxiliary: task.auxiliary,
          report: report
        )
      )
    }
  }
}
