using Dlt.Tests.Support;

namespace Dlt.Tests.Cli;

/// <summary>The command ends cleanly when it is stopped from outside.</summary>
public sealed class StopTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_command_that_is_terminated_while_aws_does_not_answer_says_so_and_ends()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() || OperatingSystem.IsMacOS(), "There are no signals here.");
        var file = _folder.File("pid");
        await using var server = new LoopbackServer(async (call, number) =>
        {
            if (number == 1) await Tool.RunAsync("kill", ["-TERM", (await File.ReadAllTextAsync(file)).Trim()]);
            call.Response.StatusCode = 503;   // the client retries
        });
        var environment = new Dictionary<string, string?> { ["DLT_DATA_DIR"] = _folder.File("data") };
        foreach (var block in new[] { "ATHENA", "FILESYSTEM" })
        {
            environment[$"DESTINATION__{block}__CREDENTIALS__AWS_ACCESS_KEY_ID"] = "test-key";
            environment[$"DESTINATION__{block}__CREDENTIALS__AWS_SECRET_ACCESS_KEY"] = "test-secret";
            environment[$"DESTINATION__{block}__CREDENTIALS__REGION_NAME"] = "eu-central-1";
            environment[$"DESTINATION__{block}__CREDENTIALS__ENDPOINT_URL"] = server.Url;
        }

        environment["DESTINATION__FILESYSTEM__BUCKET_URL"] = "s3://lake";
        environment["DESTINATION__ATHENA__QUERY_RESULT_BUCKET"] = "s3://results";
        var command = $"echo $$ > '{file}'; exec dotnet exec '{Path.Combine(AppContext.BaseDirectory, "Dlt.Cli.dll")}' query ds 'SELECT 1'";
        var result = await Tool.RunAsync("sh", ["-c", command], _folder.Path, environment);

        Assert.Equal(143, result.ExitCode);
        Assert.StartsWith("Stopped.", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", result.Error, StringComparison.Ordinal);
    }
}
