using Dlt.Tests.Support;

namespace Dlt.Tests.Terminal.Programs;

/// <summary>The argument <c>--plan</c>: the program prints a plan in place of its first run, and ends.</summary>
public sealed class ProgramPlanTests : AccountTests
{
    [Fact]
    public async Task A_program_plans_its_first_run_and_what_follows_is_not_done()
    {
        var reached = new List<string>();
        var code = await DltProgram.RunAsync(["--plan"], async stop =>
        {
            reached.Add("before");
            await Some.Pipeline(Account).RunAsync(Some.Resource("orders", """{"id":1}"""), stop);
            reached.Add("after");
        });
        Assert.Equal(0, code);
        Assert.Equal(["before"], reached);
        Assert.False(Directory.Exists(Account.Folder));
    }

    [Fact]
    public async Task The_exit_code_tells_that_the_run_would_stop()
    {
        await Some.Pipeline(Account).RunAsync(Some.Resource("orders", """{"id":1}"""), Cancellation);
        var code = await DltProgram.RunAsync(["--plan"], stop =>
            Some.Pipeline(Account).RunAsync(Some.Resource("orders", Iceberg, """{"id":1}"""), stop));
        Assert.Equal(DltProgram.Failed, code);
    }

    [Theory, InlineData(100, "--plan"), InlineData(300, "--plan", "--limit", "3"), InlineData(200, "--limit=2", "--plan")]
    public async Task The_limit_is_a_number_of_pages(int items, params string[] args)
    {
        var read = 0;
        var code = await DltProgram.RunAsync(args, stop => Some.Pipeline(Account).RunAsync(Resource.Create("items", Items()), stop));
        Assert.Equal((0, items), (code, read));

        IEnumerable<JsonValue> Items()
        {
            while (read++ < 1000) yield return Some.Item("""{"id":1}""");
            read--;
        }
    }

    [Theory, InlineData("--limit", "3"), InlineData("--plan", "--limit", "0"), InlineData("--plan", "--limit", "many")]
    public async Task A_limit_that_has_no_sense_is_refused_before_anything_is_run(params string[] args)
    {
        var hasRun = false;
        Assert.Equal(DltProgram.Failed, await DltProgram.RunAsync(args, _ => Task.FromResult(hasRun = true)));
        Assert.False(hasRun);
    }

    [Fact]
    public async Task Arguments_that_the_program_has_itself_are_its_own()
    {
        ProgramOption[] own = [new("--plan", "Plans a journey."), new("--limit <km>", "Its length.")];
        var run = Some.Pipeline(Account);
        Assert.Equal(0, await DltProgram.RunAsync(
            ["--plan", "--limit", "far"], stop => run.RunAsync(Some.Resource("orders", """{"id":1}"""), stop), own));
        Assert.Equal("1", await Some.ValueAsync(Account, "SELECT id FROM orders"));
    }

    [Fact]
    public async Task A_program_without_a_run_has_no_plan_and_other_calls_of_a_pipeline_are_refused()
    {
        Assert.Equal(DltProgram.Failed, await DltProgram.RunAsync(["--plan"], _ => Task.CompletedTask));
        await Some.Pipeline(Account).RunAsync(Some.Resource("orders", """{"id":1}"""), Cancellation);
        var code = await DltProgram.RunAsync(["--plan"], stop =>
            Some.Pipeline(Account).DropAsync(new() { Resources = ["orders"] }, _ => true, stop));
        Assert.Equal(DltProgram.Failed, code);
        Assert.Equal("1", await Some.ValueAsync(Account, "SELECT id FROM orders"));
    }
}
