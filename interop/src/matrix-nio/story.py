"""Two accounts of matrix-nio on the homeserver that is named first; prints each chapter that has happened."""

import asyncio
import io
import sys

import nio

PASSWORD = "correct horse battery staple"


def expect(answer, kind):
    """matrix-nio returns what it cannot read, or what was refused, as another type."""
    assert isinstance(answer, kind), f"wanted {kind.__name__}, got {answer!r}"
    return answer


def texts(timeline):
    return [event.body for event in timeline if isinstance(event, nio.RoomMessageText)]


async def story(homeserver):
    alice, bob = nio.AsyncClient(homeserver), nio.AsyncClient(homeserver)
    expect(await alice.register("alice", PASSWORD), nio.RegisterResponse)
    expect(await bob.register("bob", PASSWORD), nio.RegisterResponse)
    bob = nio.AsyncClient(homeserver, "bob")
    refused = await bob.login("wrong")
    assert refused.status_code == "M_FORBIDDEN", refused
    login = expect(await bob.login(PASSWORD, device_name="nio"), nio.LoginResponse)
    assert login.user_id == "@bob:localhost", login
    assert expect(await bob.whoami(), nio.WhoamiResponse).device_id == login.device_id
    print("logged in")

    expect(await bob.sync(timeout=0, full_state=True), nio.SyncResponse)
    room = expect(await alice.room_create(name="Tea", invite=["@bob:localhost"]), nio.RoomCreateResponse).room_id
    expect(await bob.sync(timeout=10_000), nio.SyncResponse)
    assert list(bob.invited_rooms) == [room], bob.invited_rooms
    assert bob.invited_rooms[room].inviter == "@alice:localhost"
    expect(await bob.join(room), nio.JoinResponse)
    await bob.sync(timeout=10_000)
    await alice.sync(timeout=0, full_state=True)
    assert bob.rooms[room].name == "Tea" and set(bob.rooms[room].users) == {"@alice:localhost", "@bob:localhost"}
    print("joined")

    for number in range(25):
        content = {"msgtype": "m.text", "body": f"cup {number}"}
        expect(await alice.room_send(room, "m.room.message", content), nio.RoomSendResponse)
    synced = expect(await bob.sync(timeout=10_000), nio.SyncResponse)
    timeline = synced.rooms.join[room].timeline
    assert timeline.limited and texts(timeline.events)[-1] == "cup 24"
    earlier = expect(await bob.room_messages(room, timeline.prev_batch, limit=100), nio.RoomMessagesResponse)
    found = list(reversed(texts(earlier.chunk))) + texts(timeline.events)
    assert found == [f"cup {number}" for number in range(25)], found
    print("received")

    received = []
    alice.add_event_callback(lambda _, event: received.append(event), nio.RoomMessageText)
    answer = {"msgtype": "m.text", "body": "enough"}
    sent = expect(await bob.room_send(room, "m.room.message", answer, tx_id="one"), nio.RoomSendResponse)
    again = expect(await bob.room_send(room, "m.room.message", answer, tx_id="one"), nio.RoomSendResponse)
    assert sent.event_id == again.event_id
    await alice.sync(timeout=10_000)
    mine = [(event.sender, event.body) for event in received if event.sender == "@bob:localhost"]
    assert mine == [("@bob:localhost", "enough")], mine
    expect(await bob.room_read_markers(room, sent.event_id, sent.event_id), nio.RoomReadMarkersResponse)
    expect(await bob.room_typing(room, True), nio.RoomTypingResponse)
    await alice.sync(timeout=10_000)
    assert alice.rooms[room].typing_users == ["@bob:localhost"], alice.rooms[room].typing_users
    assert alice.rooms[room].read_receipts["@bob:localhost"].event_id == sent.event_id
    expect(await bob.room_redact(room, sent.event_id, "joking"), nio.RoomRedactResponse)
    gone = expect(await alice.room_get_event(room, sent.event_id), nio.RoomGetEventResponse).event
    assert isinstance(gone, nio.RedactedEvent) and gone.reason == "joking", gone
    print("answered")

    uploaded, _ = await bob.upload(io.BytesIO(b"leaves"), "text/plain", "leaves.txt", filesize=6)
    expect(uploaded, nio.UploadResponse)
    assert expect(await alice.download(uploaded.content_uri), nio.DownloadResponse).body == b"leaves"
    expect(await bob.set_displayname("Bob of the cup"), nio.ProfileSetDisplayNameResponse)
    profile = expect(await alice.get_profile("@bob:localhost"), nio.ProfileGetResponse)
    assert profile.displayname == "Bob of the cup"
    expect(await alice.room_put_state(room, "m.room.topic", {"topic": "leaves"}), nio.RoomPutStateResponse)
    state = expect(await bob.room_get_state_event(room, "m.room.topic"), nio.RoomGetStateEventResponse)
    assert state.content == {"topic": "leaves"}, state
    context = expect(await bob.room_context(room, sent.event_id, limit=4), nio.RoomContextResponse)
    assert texts(context.events_before)[0] == "cup 24", context
    filtered = expect(await bob.upload_filter(room={"timeline": {"limit": 1}}), nio.UploadFilterResponse)
    limited = expect(await bob.sync(timeout=0, since="", sync_filter=filtered.filter_id), nio.SyncResponse)
    assert len(limited.rooms.join[room].timeline.events) == 1
    print("used the rest")

    token = bob.access_token
    expect(await bob.room_leave(room), nio.RoomLeaveResponse)
    expect(await bob.room_forget(room), nio.RoomForgetResponse)
    assert room not in expect(await bob.joined_rooms(), nio.JoinedRoomsResponse).rooms
    expect(await bob.logout(), nio.LogoutResponse)
    bob.access_token = token
    refused = await bob.sync(timeout=0)
    assert isinstance(refused, nio.SyncError) and refused.status_code == "M_UNKNOWN_TOKEN", refused
    print("logged out")
    await alice.close()
    await bob.close()


asyncio.run(story(sys.argv[1]))
