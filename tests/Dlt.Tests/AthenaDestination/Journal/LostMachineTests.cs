using System.Globalization;
using Dlt.Destinations.Publishing;
using Dlt.Json;
using Dlt.Storage;
using Dlt.Tests.AthenaDestination.Publishing;
using Dlt.Tests.Support;

namespace Dlt.Tests.AthenaDestination.Journal;

/// <summary>
/// A machine ends in the middle of a load and never comes back: the next run, on a machine without the working folder, gives the result of
/// a clean run. <c>DLT_KILLS=all</c> ends it at every call, else at every 31st.
/// </summary>
[Long(102)]
public sealed class LostMachineTests
{
    private static readonly int Stride = Environment.GetEnvironmentVariable("DLT_KILLS") == "all" ? 1 : 31;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory, InlineData(false, null, false), InlineData(true, null, false), InlineData(true, RefreshMode.DropData, false),
        InlineData(false, RefreshMode.DropResources, false), InlineData(false, RefreshMode.DropSources, true),
        InlineData(false, null, true), InlineData(true, null, true)]
    public async Task The_next_run_on_another_machine_gives_the_result_of_a_clean_run(bool isLastDone, RefreshMode? refresh, bool comesBack)
    {
        var ended = 0;
        for (var end = 1 + (isLastDone ? Stride / 2 : 0) + (refresh is null ? 0 : Stride / 4); ; end += Stride)
        {
            using var folder = new TempFolder();
            var account = Some.Account(folder);
            await RunAsync(new Machine(account, folder.File("first")), 2, null);
            var steps = new Steps { End = end, IsLastDone = isLastDone };
            var lost = new Machine(account, folder.File("lost"), steps.Watch(account.Glue), steps.Watch(account.Objects));
            var isDone = true;
            try
            {
                await RunAsync(lost, 4, refresh);
            }
            catch (Exception error) when (error is Steps.EndedException or DltException { InnerException: Steps.EndedException })
            {
                isDone = false;
                ended++;
            }

            await RunAsync(new Machine(account, folder.File("next")), 4, isDone ? null : refresh);
            if (comesBack) await RunAsync(new Machine(account, folder.File("lost")), 4, null);
            var rows = await Machine.ValuesAsync(account, """
                SELECT (SELECT string_agg(CAST(id AS varchar), '' ORDER BY id) FROM appended)
                    || ' ' || (SELECT string_agg(CAST(id AS varchar), '' ORDER BY id) FROM commits)
                    || ' ' || (SELECT count(*) FROM appended__tags t JOIN appended a ON t._dlt_parent_id = a._dlt_id)
                    || ' ' || (SELECT string_agg(CAST(id AS varchar), '') FROM replaced)
                    || ' ' || (SELECT string_agg(CAST(id AS varchar), '') FROM replaced_commits)
                    || ' ' || (SELECT count(*) FROM replaced__tags) || ' ' || (SELECT count(*) - count(DISTINCT load_id) FROM _dlt_loads)
                    || ' ' || (SELECT count(*) FROM appended WHERE _dlt_load_id NOT IN (SELECT load_id FROM _dlt_loads))
                """);
            // drop_data keeps the state of the resources' cursors in dlt, too; it empties the tables
            Assert.True("0123 0123 4 4 4 1 0 0" == rows, $"end {end} done {isLastDone} refresh {refresh}: {rows}");
            if (isDone) break;
        }

        Assert.True(ended > 2, ended.ToString(CultureInfo.InvariantCulture));
    }

    private static Task RunAsync(Machine machine, int end, RefreshMode? refresh) =>
        KilledChild.LoadAsync(machine, end, refresh, Cancellation);
}
