import DevFTFormats
import DevFTModel
import DevFTTensor
import DevFTTraining
import Testing
import _DevFTTestSupport

@Suite("Three AdamW steps of an encoder against PyTorch")
struct GoldenEncoderStepsTests {
  @Test("losses, and the final adapter and head", arguments: EncoderCase.names)
  func threeSteps(name: String) throws {
    let golden = try EncoderCase(name)
    let encoder = try Encoder(golden.file, precision: .float32)
    var trained = golden.trained
    var losses: [Double] = []
    try LocalTraining(
      stepCount: 3,
      batchSize: golden.sequences.count,
      schedule: StepSchedule(shape: .constant, peak: 1e-2, stepCount: 3),
      weightDecay: 0.01,
      clip: 1
    ).run(
      &trained,
      scale: golden.scale,
      decoder: encoder,
      examples: golden.sequences,
      stream: nil
    ) { losses.append($0.loss.mean) }
    let expectedLosses = try golden.expected("steps.loss").elements
    for (found, expected) in zip(losses, expectedLosses) {
      #expect(abs(found - Double(expected)) < 1e-4)
    }
    let tensors = try PEFTAdapter(
      configuration: golden.adapter.configuration,
      layers: Array(trained.dropLast()),
      head: trained[trained.count - 1]
    ).tensors
    let expected = try golden.expectedTrained("steps.final.")
    for name in tensors.names {
      let (found, wanted) = (try #require(tensors[name]), try #require(expected[name]))
      #expect(relativeDifference(found, wanted) < 1e-3, "\(name)")
    }
  }
}
