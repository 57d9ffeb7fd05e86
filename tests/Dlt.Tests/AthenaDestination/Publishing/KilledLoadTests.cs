using System.Globalization;
using Dlt.Tests.Support;

namespace Dlt.Tests.AthenaDestination.Publishing;

/// <summary>Loads that end at any call of the store or the catalog; <c>DLT_KILLS=all</c> tries every call, else every 23rd.</summary>
public sealed class KilledLoadTests
{
    private static readonly int Stride = Environment.GetEnvironmentVariable("DLT_KILLS") == "all" ? 1 : 23;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory, InlineData(false, null), InlineData(true, null), InlineData(true, RefreshMode.DropData),
        InlineData(false, RefreshMode.DropResources)]
    public async Task A_load_that_ends_at_any_call_and_is_run_again_gives_the_result_of_one_clean_run(bool isLastDone, RefreshMode? refresh)
    {
        var ended = 0;
        for (var end = 1 + (isLastDone ? Stride / 2 : 0) + (refresh is null ? 0 : Stride / 4); ; end += Stride)
        {
            using var folder = new TempFolder();
            var account = Some.Account(folder);
            await new Machine(account).Pipeline().RunAsync(Resources("old"), Cancellation);
            var steps = new Steps { End = end, IsLastDone = isLastDone };
            var isDone = true;
            try
            {
                await new Machine(account, glue: steps.Watch(account.Glue), objects: steps.Watch(account.Objects))
                    .Pipeline(refresh: refresh).RunAsync(Resources("new"), Cancellation);
            }
            catch (Exception error) when (error is Steps.EndedException or DltException { InnerException: Steps.EndedException })
            {
                isDone = false;
                ended++;
            }

            // The next run finishes the pending package. Without one, it loads the rows itself.
            var pipeline = new Machine(account).Pipeline();
            var hasPackage = Machine.Pending(account) > 0;
            if (hasPackage) await pipeline.LoadPendingAsync(Cancellation);
            else if (!isDone) await new Machine(account).Pipeline(refresh: refresh).RunAsync(Resources("new"), Cancellation);
            var rows = await Machine.ValuesAsync(account, """
                SELECT (SELECT count(*) FROM appended) || ' ' || (SELECT count(*) FROM commits)
                    || ' ' || (SELECT string_agg(name, '') FROM replaced) || ' ' || (SELECT string_agg(name, '') FROM replaced_commits)
                    || ' ' || (SELECT count(*) FROM replaced__tags) || ' ' || (SELECT count(*) - count(DISTINCT load_id) FROM _dlt_loads)
                """);
            Assert.True(
                (refresh is null ? "2 2 new new 1 0" : "1 1 new new 1 0") == rows,
                    $"end {end} done {isLastDone} refresh {refresh}: {rows}");
            if (isDone) break;
        }

        Assert.True(ended > 2, ended.ToString(CultureInfo.InvariantCulture));
    }

    private static Resource[] Resources(string name)
    {
        var item = $$"""{"name":"{{name}}","tags":["x"]}""";
        var replace = new ResourceHints { WriteDisposition = WriteDisposition.Replace };
        return
        [
            Some.Resource("appended", item),
            Some.Resource("commits", new ResourceHints { TableFormat = TableFormat.Iceberg }, item),
            Some.Resource("replaced", replace, item),
            Some.Resource("replaced_commits", replace with { TableFormat = TableFormat.Iceberg }, item),
        ];
    }
}
