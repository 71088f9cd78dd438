import DevFTModel
import DevFTTraining
import Foundation

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
      show(
        "{\"step\":\(step.number),\"loss\":\(step.loss.mean),\"tokens\":\(step.loss.targetCount),"
          + "\"seconds\":\(seconds)}"
      )
    } else {
      let rate = Int(Double(step.tokenCount) / seconds)
      show("step \(step.number)/\(stepCount)  loss \(step.loss.mean)  \(rate) tokens/s")
    }
  }

  /// Unbuffered, so that whoever reads a pipe sees each step when it is done.
  private func show(_ line: String) {
    FileHandle.standardOutput.write(Data((line + "\n").utf8))
  }
}
