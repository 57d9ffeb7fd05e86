namespace Dlt.Aws;

/// <summary>Signs in and asks who that is.</summary>
/// <param name="isStorage">True for the login of S3, false for that of Glue and Athena.</param>
internal sealed class LoginCheck(bool isStorage) : DoctorCheck(isStorage ? "login of S3" : "login of Glue and Athena")
{
    protected override async Task<CheckResult> CheckAsync(DoctorContext context, CancellationToken cancellationToken)
    {
        var account = context.Options.Account;
        var storage = account.StorageCredentials ?? account.Credentials;
        var login = isStorage
            ? AwsLogin.Resolve(storage, account.Credentials, context.AthenaLogin)
            : AwsLogin.Resolve(account.Credentials, storage);
        string? who = null;
        var unknown = "";
        try
        {
            var (identity, time) = await CallerIdentity.GetAsync(login, context.Waits, cancellationToken).ConfigureAwait(false);
            who = identity.Arn;
            if (time is { } there) context.ClockOffset = context.Waits.Time.GetUtcNow() - there;
        }
        catch (DltException error) when (error is not ConfigurationException)
        {
            unknown = error.Message;
        }

        if (isStorage) context.StorageLogin = login;
        else context.AthenaLogin = login;
        var region = login.Region.SystemName;
        if (who is not null) return Ok($"{who} in {region}");
        return login.Options.EndpointUrl is not null
            ? Ok($"{login.Options.LoginName} in {region}; the service at endpoint_url does not say who that is")
            : Warning($"{login.Options.LoginName} in {region}, but STS did not say who that is: {unknown}");
    }
}
