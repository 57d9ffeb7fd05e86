using System.Diagnostics;
using System.Globalization;
using Dlt.Tests.AthenaDestination.Publishing;
using Dlt.Tests.Support;

namespace Dlt.Tests.AthenaDestination.Journal;

/// <summary>
/// A process is killed (<c>kill -9</c>) at a random moment of a run, or in the middle of a random call. <c>DLT_KILLS</c> is the number of
/// kills of each case: 1 by default, 25 for <c>all</c>, which is 200 in total.
/// </summary>
[Long(49)]
public sealed class KilledProcessTests : IDisposable
{
    private const string Clean = "0123 0123 4 4 0123 0123 4 4 8 4 4 1 1 0 0 0 1";

    private static readonly int Kills = Environment.GetEnvironmentVariable("DLT_KILLS") switch
    {
        "all" => 25,
        { } text when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) => count,
        _ => 1,
    };

    private readonly TempFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory, Scenario("X-30")]
    [InlineData(null, true), InlineData(null, false)]
    [InlineData(RefreshMode.DropData, true), InlineData(RefreshMode.DropData, false)]
    [InlineData(RefreshMode.DropResources, true), InlineData(RefreshMode.DropResources, false)]
    [InlineData(RefreshMode.DropSources, true), InlineData(RefreshMode.DropSources, false)]
    public async Task The_next_run_gives_the_result_of_a_clean_run_and_what_is_left_is_found(RefreshMode? refresh, bool keepsFolder)
    {
        var random = new Random(20261130 + (refresh is { } mode ? 2 * (int)mode + 2 : 0) + (keepsFolder ? 1 : 0));
        var begun = _folder.File("begun");
        await RunAsync(begun, "first", 2, null);
        CopyTo("clean", begun);
        var clock = Stopwatch.StartNew();
        var calls = await RunAsync(_folder.File("clean"), "first", 4, refresh);
        var longest = clock.Elapsed;
        for (var killed = 0; killed < Kills;)
        {
            var account = _folder.File("account");
            CopyTo("account", begun);
            var machine = keepsFolder ? "first" : "lost";
            var killAt = random.Next(2) == 0 ? random.Next(1, calls + 1) : 0;
            TimeSpan? killAfter = killAt > 0 ? null : longest * random.NextDouble();
            if (await IsKilledAsync(Start(account, machine, 4, refresh, killAt), killAfter)) killed++;
            var story = $"kill {killed} of {refresh?.ToString() ?? "no refresh"}, call {killAt} of {calls}, folder kept: {keepsFolder}";
            await CheckAsync(new(account), keepsFolder, refresh, story);
            Directory.Delete(account, recursive: true);
        }
    }

    /// <summary>
    /// Runs again: with the working folder without the refresh, which waits in it; on another machine with the same refresh.
    /// </summary>
    private static async Task CheckAsync(LocalAthena account, bool keepsFolder, RefreshMode? refresh, string story)
    {
        var next = new Machine(account, Path.Combine(account.Folder, keepsFolder ? "first" : "next"));
        await KilledChild.LoadAsync(next, 4, keepsFolder ? null : refresh, Cancellation);
        var content = new AccountContent(account);
        Assert.True(await content.RowsAsync() is Clean, $"{story}: {await content.RowsAsync()}");
        Assert.True(await content.SeenAsync() is "0123 2 1", $"{story}: {await content.SeenAsync()}");
        var maintenance = AthenaMaintenance.Open(account, Some.Configuration(account.Folder));
        var orphans = await maintenance.FindOrphansAsync("ds", Cancellation);
        var missed = (await content.UnusedAsync()).Except(orphans.Select(o => o.Location["s3://lake/".Length..])).ToList();
        Assert.True(missed.Count == 0, $"{story}: not found {string.Join(", ", missed)}");
        await maintenance.RemoveAsync(orphans, TimeSpan.Zero, Cancellation);
        Assert.True(await content.RowsAsync() is Clean, $"{story}, after orphans were removed: {await content.RowsAsync()}");
        Assert.True((await content.UnusedAsync()).Count == 0, $"{story}: {string.Join(", ", await content.UnusedAsync())}");
    }

    /// <summary>Waits until the process has ended; kills it after a time.</summary>
    private static async Task<bool> IsKilledAsync(Process process, TimeSpan? after)
    {
        using var child = process;
        await child.StandardOutput.ReadLineAsync(Cancellation);   // ready
        if (after is { } time && !child.WaitForExit(time)) child.Kill();
        await child.WaitForExitAsync(Cancellation);
        if (child.ExitCode == 0) return false;
        var error = await child.StandardError.ReadToEndAsync(Cancellation);
        Assert.True(error.Length == 0, error);   // it was killed and did not fail
        return true;
    }

    /// <summary>Runs to the end.</summary>
    /// <returns>Number of calls of the run.</returns>
    private static async Task<int> RunAsync(string account, string machine, int end, RefreshMode? refresh)
    {
        using var child = Start(account, machine, end, refresh, killAt: 0);
        var output = await child.StandardOutput.ReadToEndAsync(Cancellation);
        await child.WaitForExitAsync(Cancellation);
        Assert.True(child.ExitCode == 0, output + await child.StandardError.ReadToEndAsync(Cancellation));
        return int.Parse(output.Split('\n')[1], CultureInfo.InvariantCulture);
    }

    private static Process Start(string account, string machine, int end, RefreshMode? refresh, int killAt)
    {
        string[] arguments =
        [
            "kill", account, Path.Combine(account, machine), end.ToString(CultureInfo.InvariantCulture), refresh?.ToString() ?? "",
            killAt.ToString(CultureInfo.InvariantCulture),
        ];
        return Process.Start(new ProcessStartInfo(Environment.ProcessPath!, Tool.OwnArguments(arguments))
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
    }

    private void CopyTo(string name, string source)
    {
        foreach (var file in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(_folder.File(name), Path.GetRelativePath(source, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }
}
