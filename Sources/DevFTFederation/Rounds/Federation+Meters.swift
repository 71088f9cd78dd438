import DevFTTensor

extension Federation {
  /// What arrives when an adapter is sent: what stays in its place is not rounded.
  func travelled(
    _ adapter: [NamedTensors],
    _ way: TaskPlace.Way,
    at place: TaskPlace,
    against reference: [NamedTensors]
  ) -> [NamedTensors] {
    received(adapter, way, against: reference) { method.travels($0, way, at: place) }
  }

  /// What arrives of tensors of which some are sent.
  func received(
    _ layers: [NamedTensors],
    _ way: TaskPlace.Way,
    against reference: [NamedTensors] = [],
    where travels: (_ name: String) -> Bool = { _ in true }
  ) -> [NamedTensors] {
    let format = wire[way]
    guard format != .f32 else { return layers }
    return layers.enumerated().map { index, layer in
      let held = index < reference.count ? reference[index] : nil
      return layer.map { name, tensor in
        travels(name) ? format.received(tensor, against: held?[name]) : tensor
      }
    }
  }

  /// Bytes of an adapter on the wire: those of its tensors that travel.
  func byteCount(_ adapter: [NamedTensors], _ way: TaskPlace.Way, at place: TaskPlace) -> Int {
    byteCount(adapter, way) { method.travels($0, way, at: place) }
  }

  /// Bytes of tensors of which some are sent.
  func byteCount(
    _ layers: [NamedTensors],
    _ way: TaskPlace.Way,
    where travels: (_ name: String) -> Bool = { _ in true }
  ) -> Int {
    layers.reduce(0) { sum, layer in
      sum
        + layer.names.filter(travels).reduce(0) {
          $0 + wire[way].byteCount(ofNumbers: layer[$1]?.count ?? 0)
        }
    }
  }

  /// Most adapter bytes that a client sends after a round, by the shapes it starts from.
  ///
  /// What a client leaves out by itself, such as pruned ranks, is not known before.
  ///
  /// - Parameters:
  ///   - cohort: Clients of the round.
  ///   - place: The round.
  ///   - state: What the round starts from.
  /// - Returns: Bytes; where clients run some of the layers, of the costliest selection.
  public func largestUplink(
    of cohort: [Int],
    at place: TaskPlace,
    in state: FederatedState
  ) -> Int {
    let layers = method.costliestLayers(layerCount: state.global.count)
    let counts = cohort.map { client in
      let start = method.start(of: client, in: state)
      return byteCount(
        layers.map { $0.trained(of: $0.present(of: start)) } ?? start,
        .up,
        at: place
      )
    }
    return counts.max() ?? 0
  }

  /// The costs of a round, by client.
  func meters(of intake: RoundIntake) -> RoundMeters {
    let present = intake.late.senders.union(intake.tasks.keys)
    let clients = Dictionary(
      uniqueKeysWithValues: present.map { ($0, intake.meters(of: $0)) }
    )
    let transfers = clients.values.compactMap { network?.transferTime(of: $0.traffic) }
    let times = clients.compactMap { client, meters in
      modelledTime(of: meters.operationCount, meters.traffic, client: client)
        .map { $0 + intake.late.busyTime(of: client) }
    }
    return RoundMeters(
      clients: clients,
      transferTime: transfers.max() ?? .zero,
      roundTime: times.max().map { min($0, deadline ?? $0) }
    )
  }

  /// Modelled time of a client's part of a round: to receive, to train and to send.
  ///
  /// - Returns: The time, or `nil` where the speed of devices is not known.
  func modelledTime(of operations: Double, _ traffic: Traffic, client: Int) -> Duration? {
    guard let devices else { return nil }
    return devices.computeTime(of: operations, client: client)
      + (network?.transferTime(of: traffic) ?? .zero)
  }

  /// Bytes of a task on its way to the client.
  ///
  /// What is merged stays for good on both sides, and has to be the same: it always travels in float32. A
  /// selection of layers costs a byte a layer: left out, run, or trained.
  func downlink(of task: ClientTask, from state: FederatedState) -> Traffic {
    let missed = state.missedNumberCount(at: task.place)
    return Traffic(
      loraDown: byteCount(task.shippedAdapter, .down, at: task.place)
        + WireFormat.f32.byteCount(ofNumbers: missed),
      aux: byteCount(task.auxiliary, .down) + (task.layers?.layerCount ?? 0)
    ) + method.seedTraffic(at: task.place)
  }

  /// Bytes of an update on its way to the server.
  func uplink(of update: ClientUpdate, at place: TaskPlace) -> Traffic {
    let norms = 4 * update.report.layerGradientNorms.count
    let auxiliary = byteCount(update.auxiliary, .up) + norms
    return Traffic(
      loraUp: byteCount(update.adapter, .up, at: place),
      aux: auxiliary,
      auxUp: auxiliary
    )
  }
}
