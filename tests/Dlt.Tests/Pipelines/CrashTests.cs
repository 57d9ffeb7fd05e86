using System.Diagnostics;
using Dlt.Tests.Support;

namespace Dlt.Tests.Pipelines;

public class CrashTests
{
    private const int Kills = 50;

    [Fact]
    public async Task A_run_that_is_killed_at_any_moment_and_run_again_gives_the_result_of_one_clean_run()
    {
        using var folder = new TempFolder();
        var random = new Random(20261123);
        var killed = 0;
        var longest = await OneRunAsync(folder.Path) * 1.1;
        for (var run = 0; killed < Kills; run++)
        {
            // A new pipeline every few kills covers first runs, restores and later runs.
            if (run % 12 == 0)
            {
                if (run > 0) await AssertCleanAsync(folder.File("account"));
                Directory.Delete(folder.Path, recursive: true);
                Directory.CreateDirectory(folder.Path);
            }

            using var child = Start(folder.Path, run);
            await child.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);   // ready
            var wait = longest * random.NextDouble();
            if (!child.WaitForExit(wait))
            {
                child.Kill();
                killed++;
            }

            await child.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        await AssertCleanAsync(folder.File("account"));
    }

    /// <summary>Duration of a run on this machine; kills are spread over it.</summary>
    private static async Task<TimeSpan> OneRunAsync(string folder)
    {
        using var child = Start(folder, 0);
        await child.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);
        var watch = Stopwatch.StartNew();
        await child.WaitForExitAsync(TestContext.Current.CancellationToken);
        return watch.Elapsed;
    }

    private static async Task AssertCleanAsync(string accountFolder)
    {
        using (var last = Start(Path.GetDirectoryName(accountFolder)!, 0))
        {
            var output = await last.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            await last.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.True(last.ExitCode == 0, output + await last.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken));
        }

        var account = new LocalAthena(accountFolder);
        Assert.Equal($"{CrashChild.Batches * 50}", await Some.ValueAsync(account, "SELECT count(*) FROM events"));
        Assert.Equal($"{CrashChild.Batches * 50}", await Some.ValueAsync(account, "SELECT count(DISTINCT (batch, n)) FROM events"));
        Assert.Equal($"{CrashChild.Batches * 100}", await Some.ValueAsync(account, "SELECT count(*) FROM events__lines l JOIN events "
            + "e ON l._dlt_parent_id = e._dlt_id"));
        Assert.Equal($"{CrashChild.Batches * 50}", await Some.ValueAsync(account, "SELECT count(*) FROM commits"));
        Assert.Equal($"{CrashChild.Batches * 50}", await Some.ValueAsync(account, "SELECT count(DISTINCT (batch, n)) FROM commits"));
        Assert.Equal($"{CrashChild.Batches * 100}", await Some.ValueAsync(account, "SELECT count(*) FROM commits__lines l JOIN "
            + "commits c ON l._dlt_parent_id = c._dlt_id"));
        Assert.Equal("3", await Some.ValueAsync(account, "SELECT count(*) FROM profiles"));
        Assert.Equal("6", await Some.ValueAsync(
            account, "SELECT count(*) FROM profiles__tags t JOIN profiles p ON t._dlt_parent_id = p._dlt_id"));
        Assert.Equal("0", await Some.ValueAsync(account, "SELECT count(*) FROM events WHERE _dlt_load_id NOT IN (SELECT load_id FROM "
            + "_dlt_loads)"));
        Assert.Equal("0", await Some.ValueAsync(account, "SELECT count(*) - count(DISTINCT load_id) FROM _dlt_loads"));
    }

    private static Process Start(string folder, int run) =>
        Process.Start(new ProcessStartInfo(Environment.ProcessPath!, Tool.OwnArguments("child", folder, run.ToString()))
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder,
        })!;
}
