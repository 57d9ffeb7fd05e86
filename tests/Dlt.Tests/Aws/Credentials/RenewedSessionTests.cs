using Dlt.Aws;
using Dlt.Tests.Support;

namespace Dlt.Tests.Aws.Credentials;

/// <summary>The session of a role ends before its time, in the middle of a load.</summary>
public sealed class RenewedSessionTests
{
    private const string Role = "arn:aws:iam::111122223333:role/loader";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Calls_that_are_refused_together_renew_the_session_once()
    {
        var renewed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var all = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var refused = 0;
        await using var sts = Sts(lastSession: int.MaxValue);
        await using var server = new LoopbackServer(async (call, _) =>
        {
            var isFirst = call.Request.Headers["Authorization"]!.Contains("Credential=ROLE1/", StringComparison.Ordinal);
            if (!isFirst) renewed.TrySetResult();
            else
            {
                var number = Interlocked.Increment(ref refused);
                if (number == 8) all.TrySetResult();
                await (number == 1 ? all : renewed).Task;   // the others are refused when there is a new session
            }

            call.Response.StatusCode = 400;
            await LoopbackServer.WriteAsync(call, $$"""{"__type":"{{(isFirst ? "ExpiredTokenException" : "EntityNotFoundException")}}"}""");
        });
        using var glue = Open(sts.Url, server.Url);
        var catalog = new AwsGlueCatalog(glue);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => catalog.GetDatabaseAsync("none", Cancellation)));
        Assert.Equal(8, refused);
        Assert.Equal(2, sts.Calls);
    }

    [Fact]
    public async Task A_role_that_is_refused_in_the_middle_of_a_load_does_not_say_that_nothing_was_run()
    {
        await using var sts = Sts(lastSession: 1);
        await using var server = new LoopbackServer(async (call, _) =>
        {
            call.Response.StatusCode = 400;
            await LoopbackServer.WriteAsync(call, """{"__type":"ExpiredTokenException"}""");
        });
        using var glue = Open(sts.Url, server.Url);
        var error = await Assert.ThrowsAsync<ConfigurationException>(() => new AwsGlueCatalog(glue).GetDatabaseAsync("none", Cancellation));
        Assert.Contains("assumes the role " + Role, error.Message, StringComparison.Ordinal);
        Assert.Contains("The session of the role ends, and its calls with it; what was written before stays.", error.Message,
            StringComparison.Ordinal);
        Assert.DoesNotContain("Nothing was run", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_role_that_is_refused_at_the_beginning_says_that_nothing_was_run()
    {
        await using var sts = Sts(lastSession: 0);
        var error = Assert.Throws<ConfigurationException>(() => Open(sts.Url, sts.Url));
        Assert.Contains("Nothing was run.", error.Message, StringComparison.Ordinal);
    }

    private static GlueClient Open(string stsUrl, string glueUrl)
    {
        var options = Moto.Credentials(stsUrl) with { RoleArn = Role };
        return new(AwsLogin.Resolve(options) with { Options = options with { EndpointUrl = glueUrl } });
    }

    /// <summary>Gives sessions ROLE1, ROLE2 and so on, and refuses the role after the last.</summary>
    private static LoopbackServer Sts(int lastSession) => new(async (call, number) =>
    {
        if (number > lastSession) call.Response.StatusCode = 403;
        await LoopbackServer.WriteAsync(call, number > lastSession
            ? "<ErrorResponse><Error><Code>AccessDenied</Code><Message>Not authorized</Message></Error></ErrorResponse>"
            : $"""
                <AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials>
                <AccessKeyId>ROLE{number}</AccessKeyId><SecretAccessKey>SK</SecretAccessKey><SessionToken>t</SessionToken>
                <Expiration>2999-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>
                """);
    });
}
