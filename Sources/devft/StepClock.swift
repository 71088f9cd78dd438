import DevFTModel
import DevFTTraining

/// Prints a line a step with the time that it took.
final class StepClock {
  private let isJSON: Bool
  private let stepCount: Int
  private var last = ContinuousClock.now

  init(isJSON: Bool, stepCount: Int) {
    self.isJSON = isJSON
    self.stepCount = stepCount
  }

  /// Prints the step.
  func report(_ step: LocalTraining.Step) {
    let now = ContinuousClock.now
    let seconds = (now - last) / .seconds(1)
    last = now
    if isJSON {
      print(
        "{\"step\":\(step.number),\"loss\":\(step.loss.mean),\"tokens\":\(step.loss.targetCount),"
          + "\"seconds\":\(seconds)}"
      )
    } else {
      let rate = Int(Double(step.tokenCount) / seconds)
      print("step \(step.number)/\(stepCount)  loss \(step.loss.mean)  \(rate) tokens/s")
    }
  }
}
