using System.Text;
using Dlt.Destinations;
using Dlt.Destinations.Leases;
using Dlt.Lake;
using Dlt.Storage;
using Dlt.Tests.AthenaDestination.Publishing;
using Dlt.Tests.Support;

namespace Dlt.Tests.AthenaDestination.Leases;

/// <summary>Who gets the lease of a pipeline, when, and what the one who loses it sees.</summary>
public sealed class LeaseTests : IDisposable
{
    private static readonly LeaseHolder A = new("a", 1, "/a", "1");
    private static readonly LeaseHolder B = new("b", 2, "/b", "2");
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly SortedDictionary<string, (byte[] Content, DateTimeOffset Time)> _objects = new(StringComparer.Ordinal);
    private readonly TempFolder _folder = new();
    private readonly ManualClock _clock = new();
    private readonly List<string> _warnings = [];
    private DateTimeOffset _written;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_lease_that_was_given_back_is_taken_at_once()
    {
        await using (var first = await TakeAsync(A)) await first.EnsureAsync(Cancellation);
        await using var second = await TakeAsync(B);
        Assert.Equal(2, second.Number);
        Assert.Empty(_warnings);
    }

    [Fact]
    public async Task The_first_run_leaves_no_lease_if_it_wrote_nothing()
    {
        await using (await TakeAsync(A)) Assert.Single(_objects);
        Assert.Empty(_objects);
        await using (var first = await TakeAsync(A)) await first.EnsureAsync(Cancellation);
        await using (await TakeAsync(B)) Assert.Single(_objects);
        Assert.Single(_objects);
    }

    [Fact]
    public async Task The_run_of_the_same_working_folder_takes_it_at_once_and_the_same_path_elsewhere_does_not()
    {
        var first = await TakeAsync(A);
        _clock.Stop();   // the process was killed: nothing is renewed or given back
        var second = await TakeAsync(A with { ProcessId = 9 });
        Assert.Equal((2, 0), (second.Number, _warnings.Count));
        _clock.Stop();
        var third = await TakeAsync(A with { FolderId = "another" });
        Assert.Equal((3, 1), (third.Number, _warnings.Count));
        await Assert.ThrowsAsync<DltException>(() => EnsureLateAsync(first));
    }

    [Fact]
    public async Task A_lease_that_nobody_renews_is_watched_for_the_rest_of_its_time()
    {
        await TakeAsync(A);
        _clock.Stop();
        _clock.Advance(TimeSpan.FromSeconds(20));
        var began = _clock.GetUtcNow();
        var second = await TakeAsync(B);
        Assert.InRange(_clock.GetUtcNow() - began, TimeSpan.FromSeconds(39), TimeSpan.FromSeconds(45));
        Assert.Equal(2, second.Number);
        Assert.Contains("process 1 on a, in /a", Assert.Single(_warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_lease_older_than_its_holder_promised_is_taken_at_once()
    {
        await TakeAsync(A);
        _clock.Stop();
        _clock.Advance(TimeSpan.FromSeconds(61));
        await TakeAsync(B, TimeSpan.FromHours(1));
        Assert.Empty(_warnings);
    }

    [Fact]
    public async Task A_lease_that_is_renewed_keeps_the_second_run_out_and_the_error_names_the_owner()
    {
        await using var first = await TakeAsync(A);
        var error = await Assert.ThrowsAsync<DltException>(() => TakeAsync(B));
        Assert.Contains("process 1 on a, in /a; it renewed its lease s3://lake/ds/_dlt_lease/pipe.json", error.Message,
            StringComparison.Ordinal);
        Assert.Contains("Nothing was run.", error.Message, StringComparison.Ordinal);
        await first.EnsureAsync(Cancellation);
    }

    [Fact]
    public async Task A_run_that_waits_gets_the_lease_when_the_other_run_ends()
    {
        var first = await TakeAsync(A);
        var second = NewTaker(NewObjects(), Minute).TakeAsync(B, waits: true, Cancellation);
        await _clock.RunUntilAsync(second, 3 * Minute);
        Assert.False(second.IsCompleted);
        await first.EnsureAsync(Cancellation);
        await first.DisposeAsync();
        await _clock.RunUntilAsync(second);
        await using var held = await second;
        Assert.Equal(2, held.Number);
    }

    [Fact]
    public async Task A_run_that_slept_while_another_took_over_stops_before_its_next_write()
    {
        var first = await TakeAsync(A);
        _clock.Stop();
        _clock.Advance(2 * Minute);
        await using var second = await TakeAsync(B);
        var error = await Assert.ThrowsAsync<DltException>(() => first.EnsureAsync(Cancellation));
        Assert.Contains("another run took the lease over: process 2 on b, in /b", error.Message, StringComparison.Ordinal);
        Assert.True(first.Lost.IsCancellationRequested);
        await first.DisposeAsync();   // the lease of the other run stays
        await second.EnsureAsync(Cancellation);
        var store = new LeaseStore(NewObjects(), new("lake", "ds/_dlt_lease/pipe.json"));
        Assert.False((await store.ReadAsync(Cancellation))!.Content.IsReleased);
    }

    [Fact]
    public async Task A_run_that_slept_and_is_still_alone_goes_on()
    {
        await using var first = await TakeAsync(A);
        _clock.Stop();
        _clock.Advance(2 * Minute);
        await first.EnsureAsync(Cancellation);
        Assert.Null(first.Loss);
    }

    [Fact]
    public async Task A_lease_that_cannot_be_renewed_for_its_whole_time_is_lost()
    {
        var isDown = false;
        var objects = Steps.Intercept<IObjectStore>(NewObjects(), (_, call) =>
            isDown ? Task.FromException<ObjectInfo>(new HttpRequestException("no route")) : call());
        var first = await TakeAsync(A, objects: objects);
        isDown = true;
        var never = new TaskCompletionSource().Task;
        await _clock.RunUntilAsync(never, TimeSpan.FromSeconds(39));
        Assert.Null(first.Loss);
        await _clock.RunUntilAsync(never, Minute + TimeSpan.FromSeconds(20));
        Assert.Contains("could not be renewed", first.Loss!.Message, StringComparison.Ordinal);
        Assert.True(first.Lost.IsCancellationRequested);
    }

    [Fact]
    public async Task A_write_whose_response_was_lost_is_recognised()
    {
        var random = new Random(20261130);
        for (var run = 0; run < 20; run++)
        {
            // Every second write happens twice, as when a client repeats a request that the server had carried out.
            var objects = Steps.Intercept<IObjectStore>(NewObjects(), (method, given, call) =>
            {
                if (method == nameof(IObjectStore.PutAsync) && random.Next(2) == 0) ((Task)call()!).GetAwaiter().GetResult();
                return call();
            });
            await using var held = await TakeAsync(A, objects: objects);
            await held.EnsureAsync(Cancellation);
            Assert.Equal(run + 1, held.Number);
            _clock.Advance(TimeSpan.FromSeconds(50));
            await held.EnsureAsync(Cancellation);
        }
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task A_store_that_ignores_conditions_is_refused_in_every_run(bool isOfExistence)
    {
        var objects = Steps.Intercept<IObjectStore>(NewObjects(), (method, given, call) =>
        {
            if (method == nameof(IObjectStore.PutAsync) && given[2] is PutCondition condition && condition.IfNoneMatch == isOfExistence)
                given[2] = default(PutCondition);
            return call();
        });
        for (var run = 0; run < 2; run++)
        {
            var error = await Assert.ThrowsAsync<DltException>(() => TakeAsync(A, objects: objects));
            Assert.Contains("Set lease = 0 in [destination.athena]", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_store_that_refuses_conditions_is_refused()
    {
        var objects = Steps.Intercept<IObjectStore>(NewObjects(), (method, given, call) =>
            method == nameof(IObjectStore.PutAsync) && given[2] is PutCondition condition && condition != default
                ? throw new ConditionNotSupportedException((ObjectLocation)given[0]!) : call());
        var error = await Assert.ThrowsAsync<DltException>(() => TakeAsync(A, objects: objects));
        Assert.Contains("refuses conditions of writes (If-None-Match, If-Match)", error.Message, StringComparison.Ordinal);
        Assert.Contains("Set lease = 0 in [destination.athena]", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{oops")]
    [InlineData("{}")]
    [InlineData("""{"format-version":1,"pipeline":7}""")]
    public void A_lease_that_cannot_be_read_is_an_error_in_whole_sentences(string content)
    {
        var error = Assert.Throws<DltException>(() => LeaseObject.Read(Encoding.UTF8.GetBytes(content), "s3://lake/ds/lease.json"));
        Assert.StartsWith("s3://lake/ds/lease.json is not a readable lease: ", error.Message, StringComparison.Ordinal);
        Assert.Matches(@"[^.]\. Nothing was run\. Delete the object", error.Message);
    }

    [Fact]
    public async Task Of_runs_that_take_the_lease_at_once_one_gets_it()
    {
        var account = Some.Account(_folder);
        var store = new LeaseStore(account.Objects, new("lake", "ds/_dlt_lease/pipe.json"));
        var won = 0;
        await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(
            async () =>
            {
                var own = LeaseObject.Of("pipe", A with { ProcessId = i }, Minute);
                if (await store.TryWriteAsync(own, null, Cancellation) is not null) Interlocked.Increment(ref won);
            },
            Cancellation)));
        Assert.Equal(1, won);
    }

    [Fact]
    public async Task A_run_ends_with_the_owner_of_the_lease_and_leaves_nothing()
    {
        var account = Some.Account(_folder);
        var items = Some.Resource("items", """{"id":1}""");
        await using (await NewPipeline(account, _folder.File("elsewhere"), new FastClock(60)).BeginAsync(Cancellation))
        {
            var second = NewPipeline(account, account.PipelinesFolder, new FastClock(6));
            var error = await Assert.ThrowsAsync<DltException>(() => second.RunAsync(items, Cancellation));
            Assert.Contains("Pipeline 'pipe' is running elsewhere", error.Message, StringComparison.Ordinal);
            Assert.Contains(_folder.File("elsewhere"), error.Message, StringComparison.Ordinal);
            await new Machine(account, _folder.File("third")).RunAsync(items, "another");   // other pipelines have their own lease
        }

        Assert.Equal(0, Machine.Pending(account));
        await new Machine(account).RunAsync(items);
        Assert.Equal("1,1", await Machine.ValuesAsync(account, "SELECT id FROM items"));
    }

    [Fact]
    public async Task Without_a_lease_nothing_is_written_for_it()
    {
        var account = Some.Account(_folder);
        await new Machine(account).RunAsync(Some.Resource("items", """{"id":1}"""), settings: ("DESTINATION__ATHENA__LEASE", "0"));
        Assert.Empty(await Machine.KeysAsync(account, "ds/_dlt_lease/"));
        await new Machine(account).RunAsync(Some.Resource("items", """{"id":2}"""));
        Assert.Equal(["ds/_dlt_lease/pipe.json"], await Machine.KeysAsync(account, "ds/_dlt_lease/"));
    }

    [Theory, InlineData(nameof(IObjectStore.UploadAsync), "/items/"), InlineData(nameof(IObjectStore.PutAsync), "/_dlt_publish/")]
    public async Task A_run_whose_lease_is_taken_over_stops_and_keeps_its_package_which_the_next_run_loads_once(string call, string key)
    {
        var account = Some.Account(_folder);
        var lease = new LeaseStore(account.Objects, new("lake", "ds/_dlt_lease/pipe.json"));
        var isTaken = 0;
        var objects = Steps.Intercept(account.Objects, (method, given, go) =>
        {
            var isHere = method == call && ((ObjectLocation)given[0]!).Key.Contains(key, StringComparison.Ordinal);
            if (!isHere || Interlocked.Exchange(ref isTaken, 1) == 1) return go();
            _clock.Advance(2 * Minute);   // the machine sleeps
            var seen = lease.ReadAsync(Cancellation).GetAwaiter().GetResult()!;
            lease.TryWriteAsync(seen.Content.TakenBy(B, Minute), seen.ETag, Cancellation).GetAwaiter().GetResult();
            return go();
        });
        var items = Some.Resource("items", """{"id":1}""");
        var sleeper = NewPipeline(new Machine(account, objects: objects), account.PipelinesFolder, _clock);
        var error = await Assert.ThrowsAnyAsync<DltException>(() => sleeper.RunAsync(items, Cancellation));
        Assert.Contains("another run took the lease over: process 2 on b, in /b", error.Message, StringComparison.Ordinal);
        Assert.Contains("stays pending", error.Message, StringComparison.Ordinal);
        Assert.Equal(1, Machine.Pending(account));
        var other = (await lease.ReadAsync(Cancellation))!;
        Assert.Equal(B, other.Content.Holder);
        await lease.TryWriteAsync(other.Content with { IsReleased = true }, other.ETag, Cancellation);
        await new Machine(account).Pipeline().LoadPendingAsync(Cancellation);
        Assert.Equal("1", await Machine.ValuesAsync(account, "SELECT id FROM items"));
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_run_whose_lease_is_taken_over_while_it_recovers_or_gives_up_a_load_writes_nothing_more(bool aborts)
    {
        var account = Some.Account(_folder);
        Resource Items(int id) => Some.Resource("items", new ResourceHints { TableFormat = TableFormat.Iceberg }, $$"""{"id":{{id}}}""");
        await new Machine(account).RunAsync(Items(1));
        var glue = Steps.Intercept(account.Glue, (method, given, call) =>
            method == nameof(IGlueCatalog.UpdateTableAsync) && given.OfType<GlueTableInput>().First().Name == "_dlt_loads"
                ? throw new Steps.EndedException() : call());
        await Assert.ThrowsAnyAsync<Exception>(() => new Machine(account, glue: glue).RunAsync(Items(2)));
        var lease = new LeaseStore(account.Objects, new("lake", "ds/_dlt_lease/pipe.json"));
        var isTaken = 0;
        var objects = Steps.Intercept(account.Objects, (method, given, go) =>
        {
            var isHere = method == nameof(IObjectStore.ListAsync) && given[1] is "ds/_dlt_publish/";   // the first look at the journal
            if (!isHere || Interlocked.Exchange(ref isTaken, 1) == 1) return go();
            var seen = lease.ReadAsync(Cancellation).GetAwaiter().GetResult()!;
            lease.TryWriteAsync(seen.Content.TakenBy(B, Minute), seen.ETag, Cancellation).GetAwaiter().GetResult();
            _clock.Advance(2 * Minute);   // the machine sleeps
            return go();
        });
        var sleeper = new Machine(account, objects: objects);
        var error = await Assert.ThrowsAnyAsync<DltException>(() => aborts
            ? NewPipeline(sleeper, account.PipelinesFolder, _clock).AbortPackagesAsync(cancellationToken: Cancellation)
            : NewPipeline(sleeper, _folder.File("next"), _clock).RunAsync(Items(3), Cancellation));
        Assert.Contains("another run took the lease over: process 2 on b, in /b", error.Message, StringComparison.Ordinal);
        Assert.Equal("1", await Some.ValueAsync(account, "SELECT count(*) FROM _dlt_loads"));
        Assert.Equal("1,2", await Machine.ValuesAsync(account, "SELECT id FROM items ORDER BY id"));
        Assert.Equal(1, Machine.Pending(account));
    }

    private static Pipeline NewPipeline(LakeAccount account, string folder, TimeProvider time) =>
        Pipeline.Create("pipe", Athena.Destination(account), "ds", new()
        {
            Configuration = Some.Configuration(folder),
            PipelinesFolder = folder,
            Time = time,
            Warn = _ => { },
        });

    private async Task EnsureLateAsync(HeldLease lease)
    {
        _clock.Advance(2 * Minute);
        await lease.EnsureAsync(Cancellation);
    }

    /// <summary>A store whose clock is three hours ahead of the machines.</summary>
    private SteppedStore NewObjects() => new(null, 0, _objects, () =>
    {
        var now = _clock.GetUtcNow() + TimeSpan.FromHours(3);
        return _written = now > _written ? now : _written + TimeSpan.FromTicks(1);
    });

    private LeaseTaker NewTaker(IObjectStore objects, TimeSpan lease) =>
        new(new(objects, new("lake", "ds/_dlt_lease/pipe.json")), "pipe", lease, _clock, _warnings.Add);

    private async Task<HeldLease> TakeAsync(LeaseHolder holder, TimeSpan? lease = null, IObjectStore? objects = null)
    {
        var taking = NewTaker(objects ?? NewObjects(), lease ?? Minute).TakeAsync(holder, waits: false, Cancellation);
        await _clock.RunUntilAsync(taking);
        return await taking;
    }
}
