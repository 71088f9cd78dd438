import DevFTFormats
import DevFTTensor
import Foundation
import Testing
import _DevFTTestSupport

@Suite("Runs that must agree, and runs that must not")
struct EqualityTests {
  @Test("the same seed gives the same bytes, with one worker and with two; another seed does not")
  func seeds() async throws {
    let all = ["federation.clients_per_round=4"]
    let one = try await TinyRun.finished(all)
    let again = try await TinyRun.finished(all)
    let two = try await TinyRun.finished(all + ["federation.workers=2"])
    let four = try await TinyRun.finished(all + ["federation.workers=4"])
    let adapter = try one.adapterBytes()
    for run in [again, two, four] {
      #expect(try run.adapterBytes() == adapter)
      #expect(try run.metrics() == one.metrics())
      for name in [
        "stages/2/groups.json", "stages/3/losses.json", "best/adapter_model.safetensors",
      ] {
        #expect(try run.bytes(name) == one.bytes(name))
      }
    }
    let other = try await TinyRun.finished(all + ["seed=6"])
    #expect(try other.adapterBytes() != adapter)
  }

  @Test("bfloat16 too gives the same bytes with one worker and with two")
  func bfloat16() async throws {
    let one = try await TinyRun.finished(["memory.precision=bf16"])
    let two = try await TinyRun.finished(["memory.precision=bf16", "federation.workers=2"])
    #expect(try one.adapterBytes() == two.adapterBytes())
  }

  @Test("FedIT with one client that always takes part is centralised training")
  func oneClient() async throws {
    let one = [
      "data.partition={kind: iid}", "federation.clients=1", "federation.clients_per_round=1",
    ]
    let federated = try await TinyRun.finished(one + ["federation.method=fedit"])
    let centralised = try await TinyRun.finished(one + ["federation.method=centralised"])
    #expect(try federated.adapterBytes() == centralised.adapterBytes())
  }

  @Test("one round of one client is devft train")
  func train() async throws {
    let run = try await TinyRun.finished(
      stages: "null",
      [
        "data.partition={kind: iid}", "federation.clients=1", "federation.clients_per_round=1",
        "federation.rounds=1", "local.steps=4", "local.batch=60", "local.schedule=constant",
      ]
    )
    let scratch = try ScratchDirectory()
    try await Devft.expectSuccess([
      "train", "--model", TinyChat.model, "--data", TinyChat.train, "--precision", "f32",
      "--rank", "4", "--alpha", "8", "--targets", "q,v,down", "--seed", "5", "--steps", "4",
      "--batch", "60", "--lr", "1e-2", "--max-length", "64", "--out", scratch.path("adapter"),
    ])
    let trained = try PEFTAdapter(directory: scratch.path("adapter")).layers
    // The rows of a batch stand in another order, so sums round otherwise; AdamW's first steps
    // have the size of the learning rate however small a gradient is.
    for (layer, expected) in zip(try run.adapter().layers, trained) {
      for name in expected.names {
        let tensor = try #require(layer[name])
        #expect(relativeDifference(tensor, try #require(expected[name])) < 1e-3, "\(name)")
      }
    }
  }

  @Test("rows in a gzip file are the same rows")
  func gzip() async throws {
    let scratch = try ScratchDirectory()
    let rows = try scratch.copy(TinyChat.train, to: "rows.jsonl")
    let packer = Process()
    packer.executableURL = URL(fileURLWithPath: "/bin/gzip")
    packer.arguments = [rows]
    try packer.run()
    packer.waitUntilExit()
    let packed = try await TinyRun.finished(["data.path=\(rows).gz"])
    let plain = try await TinyRun.finished()
    #expect(try packed.adapterBytes() == plain.adapterBytes())
  }

  @Test("a run resumed from another directory finds its files")
  func directories() async throws {
    let run = try TinyRun()
    let name = URL(fileURLWithPath: TinyChat.train).lastPathComponent
    let rows = try run.scratch.copy(TinyChat.train, to: name)
    // A path of --set counts from the working directory, and the resolved copy stands alone.
    let started = try await Devft.run(
      run.arguments(["data.path=\(name)"]),
      in: URL(fileURLWithPath: rows).deletingLastPathComponent().path
    )
    #expect(started.status == 0)
    let resumed = try await Devft.run(["simulate", "--resume", run.directory], in: "/")
    #expect(resumed.status == 0, "\(resumed.lastErrorLine)")
  }
}
