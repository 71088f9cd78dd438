import DevFTTensor
import Testing
import _DevFTTestSupport

@Suite("AdamW")
struct AdamWStepTests {
  @Test("follows algorithm 2 of the paper over twelve steps", arguments: [1, 7, 16, 33, 1009])
  func steps(_ count: Int) {
    var parameters = fixedTensor(shape: [count])
    var (first, second) = (Tensor(shape: [count]), Tensor(shape: [count]))
    var expected = ReferenceAdamW(parameters: Grid(parameters).values)
    for step in 1...12 {
      let gradient = fixedTensor(shape: [count], phase: Double(step))
      let rate = 0.01 / Double(step)
      let scale: Float = step % 2 == 0 ? 0.5 : 1
      AdamWStep(learningRate: rate, weightDecay: 0.1, step: step, gradientScale: scale)
        .apply(
          to: &parameters,
          gradient: gradient,
          firstMoment: &first,
          secondMoment: &second
        )
      let scaled = Grid(gradient).values.map { $0 * Double(scale) }
      expected.step(step, gradient: scaled, rate: rate, decay: 0.1)
      expectClose(parameters, expected.parameters, .pairs, "parameters after step \(step)")
    }
    expectClose(first, expected.first, .pairs, "first moment")
    expectClose(second, expected.second, .pairs, "second moment")
  }

  @Test("heeds its own constants")
  func constants() {
    var parameters = fixedTensor(shape: [5])
    var (first, second) = (Tensor(shape: [5]), Tensor(shape: [5]))
    var expected = ReferenceAdamW(parameters: Grid(parameters).values)
    for number in 1...3 {
      let gradient = fixedTensor(shape: [5], phase: Double(number))
      var step = AdamWStep(learningRate: 0.1, weightDecay: 0, step: number, gradientScale: 1)
      (step.beta1, step.beta2, step.epsilon) = (0.5, 0.75, 0.25)
      step.apply(to: &parameters, gradient: gradient, firstMoment: &first, secondMoment: &second)
      expected.step(
        number,
        gradient: Grid(gradient).values,
        rate: 0.1,
        decay: 0,
        beta1: 0.5,
        beta2: 0.75,
        epsilon: 0.25
      )
    }
    expectClose(parameters, expected.parameters, .pairs)
  }

  @Test("moves nothing without gradient and decay, however often")
  func rest() {
    let start = fixedTensor(shape: [9])
    var parameters = start
    var (first, second) = (Tensor(shape: [9]), Tensor(shape: [9]))
    for number in 1...3 {
      AdamWStep(learningRate: 1, weightDecay: 0, step: number, gradientScale: 1)
        .apply(
          to: &parameters,
          gradient: Tensor(shape: [9]),
          firstMoment: &first,
          secondMoment: &second
        )
    }
    expectSameBits(parameters, start)
  }
}
