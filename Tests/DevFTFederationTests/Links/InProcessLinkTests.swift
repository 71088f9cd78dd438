import DevFTFederation
import Synchronization
import Testing
import _DevFTTestSupport

@Suite("In-process link")
struct InProcessLinkTests {
  private func tasks(_ count: Int) -> [ClientTask] {
    (0..<count).map { client in
      ClientTask(
        client: client,
        stage: 1,
        place: TaskPlace(round: 2, roundOfStage: 2),
        adapter: fixedAdapter(phase: Double(client)),
        training: LocalTrainingTask(learningRate: 1e-3, stepCount: 4, batchExampleCount: 8)
      )
    }
  }

  @Test(
    "gives the same outcomes in the order of the tasks with any number of workers",
    arguments: [
      1, 2, 3, 16,
    ]
  )
  func workerCounts(workerCount: Int) {
    let trainer = FaultyTrainer([3: .failure("out of memory")])
    let outcomes = InProcessLink(workerCount: workerCount, trainer: trainer).perform(tasks(9))
    let expected = tasks(9).map { task in
      task.client == 3
        ? ClientOutcome.failure(ClientFailure(client: 3, reason: "out of memory"))
        : .update(NoOpTrainer().train(task))
    }
    #expect(outcomes == expected)
  }

  @Test("sets every worker up once, before it trains")
  func setUp() {
    let workers = Mutex<[Int]>([])
    let link = InProcessLink(workerCount: 3, trainer: NoOpTrainer()) { worker in
      workers.withLock { $0.append(worker) }
    }
    #expect(link.perform(tasks(5)).count == 5)
    #expect(workers.withLock { $0.sorted() } == [0, 1, 2])
  }

  @Test("has nothing to do without tasks")
  func noTasks() {
    #expect(InProcessLink(workerCount: 2, trainer: NoOpTrainer()).perform([]).isEmpty)
  }
}
