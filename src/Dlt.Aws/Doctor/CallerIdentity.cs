using Amazon.SecurityToken.Model;
using Dlt.Internal;

namespace Dlt.Aws;

/// <summary>Who a login is (AWS STS, GetCallerIdentity, which needs no permission).</summary>
/// <param name="Arn">ARN of the user or role.</param>
/// <param name="Account">Id of the account.</param>
internal sealed record CallerIdentity(string Arn, string Account)
{
    /// <summary>Asks STS.</summary>
    /// <param name="login">The login.</param>
    /// <param name="waits">Waits between attempts.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <returns>The identity, and the time of AWS if the response has it.</returns>
    /// <exception cref="ConfigurationException">AWS does not know the login, or it has expired.</exception>
    /// <exception cref="DltException">STS was not reached, or the service at its place does not know the operation.</exception>
    public static async Task<(CallerIdentity Who, DateTimeOffset? Time)> GetAsync(
        AwsLogin login, RetryWaits waits, CancellationToken cancellationToken)
    {
        using var sts = new StsClient(login, waits);
        var times = new AnswerTimes(sts);
        var request = new GetCallerIdentityRequest();
        var answer = await AwsCall.RunAsync(
            sts.Endpoint,
            "GetCallerIdentity",
            () => sts.GetCallerIdentityAsync(request, cancellationToken),
            error => AwsCall.Other(error, "STS", "GetCallerIdentity", "sts"),
            cancellationToken).ConfigureAwait(false);
        return (new(answer.Arn, answer.Account), times.Of(request));
    }
}
