using System.Globalization;
using Amazon.Runtime;
using Dlt.Aws;
using Dlt.Json;
using Dlt.Tests.AthenaDestination.Publishing;
using Dlt.Tests.Support;
using Dlt.Tests.Support.Services;

namespace Dlt.Tests.AthenaDestination.Wire;

/// <summary>
/// Loads by the AWS clients through bad HTTP: throttling, errors 500, connections that are reset before and after the service acted, bodies
/// that break off, sessions that expire early, clocks that are wrong. <c>DLT_WEATHER</c> is the number of loads, 10 by default.
/// </summary>
public sealed class WireWeatherTests : IDisposable
{
    private static readonly int Loads = int.TryParse(
        Environment.GetEnvironmentVariable("DLT_WEATHER"), NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count : 10;

    private readonly TempFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact, Scenario("X-05")]
    public async Task No_load_fails_and_no_row_is_lost_or_doubled()
    {
        var account = NewAccount();
        var weather = new Weather(20261130);
        await using var server = new AccountServer(account) { Weather = weather };
        for (var load = 1; load <= Loads; load++) await LoadAsync(server, load, load % 3 == 0 ? "b" : "a");
        await CheckAsync(account, Loads);
        Assert.InRange(server.Calls.Count / Loads, 1, 160);
        Assert.Equal(5, weather.Seen.Keys.Select(s => s.Kind).Distinct().Count());
        Assert.Contains("UpdateTable", weather.Seen.Keys.Select(s => s.Operation));
    }

    [Fact, Scenario("X-13")]
    public async Task Sessions_that_a_service_ends_before_their_time_are_renewed()
    {
        var account = NewAccount();
        await using var server = new AccountServer(account);
        using var sessions = new ShortSessions();
        server.Answering = () =>
        {
            if (server.Calls.Count % 17 == 0) server.Expired[sessions.Current] = true;
        };
        for (var load = 1; load <= 3; load++) await LoadAsync(server, load, "a", sessions);
        await CheckAsync(account, 3);
        Assert.InRange(server.Expired.Count, 3, 100);
    }

    [Fact, Scenario("X-13")]
    public async Task A_session_that_S3_refuses_without_a_reason_is_renewed()
    {
        var account = NewAccount();
        await account.Objects.PutAsync(new("lake", "x"), "abc"u8.ToArray(), cancellationToken: Cancellation);
        await using var server = new AccountServer(account);
        using var sessions = new ShortSessions();
        var login = server.LoginOf(sessions);
        await using var aws = AwsAccount.Open(new() { Credentials = login, BucketUrl = "s3://lake" });
        for (var session = 1; session <= 3; session++)
        {
            Assert.Equal(3, (await aws.Objects.HeadAsync(new("lake", "x"), Cancellation))!.Size);   // an answer to HEAD has no body
            server.Expired[sessions.Current] = true;
        }
    }

    [Theory, InlineData(20), InlineData(-20)]
    public async Task A_clock_that_is_wrong_does_not_stop_a_load(int minutes)
    {
        var account = NewAccount();
        await using var server = new AccountServer(account) { ClockAhead = TimeSpan.FromMinutes(minutes) };
        for (var load = 1; load <= 3; load++) await LoadAsync(server, load, load % 2 == 0 ? "b" : "a");
        await CheckAsync(account, 3);
    }

    private static async Task CheckAsync(LocalAthena account, int loads)
    {
        var all = $"{loads} {loads}";
        Assert.Equal(all, await Some.ValueAsync(account, "SELECT count(*) || ' ' || count(DISTINCT id) FROM items"));
        Assert.Equal(all, await Some.ValueAsync(account, "SELECT count(*) || ' ' || count(DISTINCT id) FROM commits"));
        Assert.Equal($"{loads}", await Machine.ValuesAsync(account, "SELECT id FROM replaced"));
        Assert.Equal($"{loads}", await Machine.ValuesAsync(account, "SELECT id FROM replaced_commits"));
        Assert.Equal(all, await Some.ValueAsync(account, "SELECT count(*) || ' ' || count(DISTINCT load_id) FROM _dlt_loads"));
        Assert.Equal("1", await Some.ValueAsync(account, "SELECT count(*) FROM _dlt_version"));
    }

    private LocalAthena NewAccount()
    {
        var account = Some.Account(_folder);
        Directory.CreateDirectory(Path.Combine(account.Folder, "s3", "lake"));   // a bucket
        return account;
    }

    /// <summary>Loads one item more than the load before, and replaces the other tables.</summary>
    private Task<LoadInfo> LoadAsync(AccountServer server, int load, string machine, AWSCredentials? credentials = null)
    {
        var options = new PipelineOptions
        {
            Configuration = Some.Configuration(_folder.Path, server.Settings),
            PipelinesFolder = _folder.File(machine),
            Warn = _ => { },
            Time = new NoWaits(),
        };
        var replace = new ResourceHints { WriteDisposition = WriteDisposition.Replace };
        var row = $$"""{"id":{{load}}}""";
        var login = server.LoginOf(credentials);
        var destination = Athena.Destination(options: new() { Credentials = login, StorageCredentials = login });
        return Pipeline.Create("pipe", destination, "ds", options).RunAsync(
            [
                Some.Increments("items", load),
                Some.Increments("commits", load, new() { TableFormat = TableFormat.Iceberg }),
                Some.Resource("replaced", replace, row),
                Some.Resource("replaced_commits", replace with { TableFormat = TableFormat.Iceberg }, row),
            ],
            Cancellation);
    }

    /// <summary>Sessions that should last for an hour.</summary>
    private sealed class ShortSessions : RefreshingAWSCredentials
    {
        private int _last;

        public string Current => $"SESSION{_last}";

        protected override CredentialsRefreshState GenerateNewCredentials() => new(
            new ImmutableCredentials($"SESSION{Interlocked.Increment(ref _last)}", "SK", "t"),
            TimeProvider.System.GetUtcNow().UtcDateTime.AddHours(1));

        protected override Task<CredentialsRefreshState> GenerateNewCredentialsAsync() => Task.FromResult(GenerateNewCredentials());
    }
}
