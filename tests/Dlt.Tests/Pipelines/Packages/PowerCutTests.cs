using System.Globalization;
using Dlt.Storage;
using Dlt.Tests.Support;

namespace Dlt.Tests.Pipelines.Packages;

[Long(141)]
public sealed class PowerCutTests : IDisposable
{
    /// <summary>Number of power cuts for each run; <c>DLT_POWER_CUTS=0</c> cuts before every flush.</summary>
    private static readonly int Cuts =
        int.TryParse(Environment.GetEnvironmentVariable("DLT_POWER_CUTS"), NumberStyles.None, CultureInfo.InvariantCulture, out var cuts)
        ? cuts
        : 5;

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task After_a_run_reported_success_a_power_cut_loses_nothing()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Inodes are read as Linux gives them.");
        var disk = new UnsafeDisk(Directory.CreateDirectory(_folder.File("disk")).FullName, (_, _) => { });
        await RunAsync(_folder.File("disk"), disk);
        foreach (var (name, isNew) in Choices(new Random(1)))
        {
            disk.WriteImage(_folder.File(name), isNew);
            await AssertLoadedAsync(_folder.File(name));
            await RunAsync(_folder.File(name));
            await AssertLoadedAsync(_folder.File(name));
        }
    }

    [Fact]
    public async Task A_power_cut_loses_rows_on_a_disk_that_ignores_flushes()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Inodes are read as Linux gives them.");
        var disk = new UnsafeDisk(Directory.CreateDirectory(_folder.File("disk")).FullName, (_, _) => { }, forgetsBytes: true);
        await RunAsync(_folder.File("disk"), disk);
        disk.WriteImage(_folder.File("cut"), () => true);
        await Assert.ThrowsAnyAsync<Exception>(() => AssertLoadedAsync(_folder.File("cut")));
    }

    [Theory, InlineData(1), InlineData(2)]
    public async Task After_a_power_cut_at_any_moment_the_next_run_gives_the_result_of_one_clean_run(int runs)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Inodes are read as Linux gives them.");
        var seed = new Random(20261129 + runs);
        var before = Directory.CreateDirectory(_folder.File("before")).FullName;
        for (var run = 1; run < runs; run++) await RunAsync(before);
        var flushes = await FlushesAsync(before);
        var moments = Cuts == 0
            ? Enumerable.Range(0, flushes).ToHashSet()
            : Enumerable.Range(0, Cuts).Select(_ => seed.Next(flushes)).ToHashSet();
        var images = new List<string>();
        Copy(before, _folder.File("disk"));
        var disk = new UnsafeDisk(_folder.File("disk"), (disk, flush) =>
        {
            if (!moments.Contains(flush)) return;
            foreach (var (name, isNew) in Choices(seed))
            {
                images.Add(_folder.File($"cut-{flush}-{name}"));
                disk.WriteImage(images[^1], isNew);
            }
        });
        await RunAsync(_folder.File("disk"), disk);
        Assert.NotEmpty(images);
        foreach (var image in images)
        {
            try
            {
                await RunAsync(image);
                await AssertLoadedAsync(image);
            }
            catch (Exception error) when (error is DltException or IOException or Xunit.Sdk.XunitException)
            {
                Assert.Fail($"{Path.GetFileName(image)} of {flushes} flushes: {error.Message}");
            }
        }
    }

    [Fact]
    public async Task A_power_cut_of_a_disk_with_a_journal_leaves_a_pipeline_that_runs()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.UserName == "root" && File.Exists("/dev/loop-control")
            && Tool.Exists("mkfs.ext4"), "It mounts a disk image, which takes root, loop devices and mkfs.ext4.");
        var script = Path.Combine(Tool.Repository, "tests", "Dlt.Tests", "Pipelines", "power-cut.sh");
        var said = await Tool.RunAsync("bash", [script, Path.Combine(AppContext.BaseDirectory, "Dlt.Cli.dll"), "2", "2"]);
        Assert.SkipWhen(said.Output.Contains("cannot mount", StringComparison.Ordinal), "This machine lets nobody mount a loop device.");
        var lines = said.Succeeded().Split('\n');
        Assert.Contains("empty files: 0", lines);
        Assert.Contains("events before the next run: 4", lines);
        Assert.Contains("events after the next run: 6", lines);
        Assert.Contains("loads after the next run: 3", lines);
    }

    /// <summary>What survives a cut: flushed data only; all names but no bytes; a random choice.</summary>
    private static IEnumerable<(string Name, Func<bool> IsNew)> Choices(Random random) =>
        [("flushed", () => false), ("names", () => true), ("mixed", () => random.Next(2) == 0)];

    private async Task<int> FlushesAsync(string before)
    {
        var folder = _folder.File("counted");
        Copy(before, folder);
        var disk = new UnsafeDisk(folder, (_, _) => { });
        await RunAsync(folder, disk);
        return disk.Flushes;
    }

    private static async Task RunAsync(string folder, UnsafeDisk? disk = null)
    {
        DiskFlush.Observer.Value = disk;
        var pipeline = Pipeline.Create("crash", Athena.Destination(new LocalAthena(Path.Combine(folder, "account"))), "ds",
            new() { Configuration = Some.Configuration(folder), Warn = _ => { } });
        await pipeline.RunAsync(CrashChild.Source(), TestContext.Current.CancellationToken);
    }

    private static async Task AssertLoadedAsync(string folder)
    {
        DiskFlush.Observer.Value = null;
        var account = new LocalAthena(Path.Combine(folder, "account"));
        async Task Is(int expected, string sql) => Assert.Equal((sql, $"{expected}"), (sql, await Some.ValueAsync(account, sql)));
        await Is(CrashChild.Batches * 50, "SELECT count(*) FROM events");
        await Is(CrashChild.Batches * 50, "SELECT count(DISTINCT (batch, n)) FROM events");
        await Is(CrashChild.Batches * 100, "SELECT count(*) FROM events__lines l JOIN events e ON l._dlt_parent_id = e._dlt_id");
        await Is(CrashChild.Batches * 50, "SELECT count(*) FROM commits");
        await Is(CrashChild.Batches * 100, "SELECT count(*) FROM commits__lines l JOIN commits c ON l._dlt_parent_id = c._dlt_id");
        await Is(3, "SELECT count(*) FROM profiles");
        await Is(6, "SELECT count(*) FROM profiles__tags t JOIN profiles p ON t._dlt_parent_id = p._dlt_id");
        await Is(0, "SELECT count(*) FROM events WHERE _dlt_load_id NOT IN (SELECT load_id FROM _dlt_loads)");
        await Is(0, "SELECT count(*) - count(DISTINCT load_id) FROM _dlt_loads");
    }

    private static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var folder in Directory.GetDirectories(from, "*", SearchOption.AllDirectories))
            Directory.CreateDirectory(Path.Combine(to, Path.GetRelativePath(from, folder)));
        foreach (var file in Directory.GetFiles(from, "*", SearchOption.AllDirectories))
            File.Copy(file, Path.Combine(to, Path.GetRelativePath(from, file)));
    }
}
