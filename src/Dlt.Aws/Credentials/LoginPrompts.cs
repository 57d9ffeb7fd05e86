using Amazon.Runtime;

namespace Dlt.Aws;

/// <summary>
/// Asks a person at a terminal for what a login needs: the code of an MFA device, or to confirm a single sign-on in the browser. Without a
/// terminal, such a login is an error that says what to do.
/// </summary>
/// <param name="input">Where codes are typed.</param>
/// <param name="output">Where questions are printed.</param>
/// <param name="isTerminal">True when a person can answer.</param>
internal sealed class LoginPrompts(TextReader input, TextWriter output, bool isTerminal)
{
    /// <summary>Asks on the terminal of this process, on standard error.</summary>
    public static LoginPrompts OfConsole => new(Console.In, Console.Error, !Console.IsInputRedirected && !Console.IsErrorRedirected);

    /// <summary>Adds the questions to credentials that may need them, and to those that they are based on.</summary>
    public void AddTo(AWSCredentials? credentials)
    {
        switch (credentials)
        {
            case AssumeRoleAWSCredentials role:
                if (role.Options is { MfaSerialNumber: { Length: > 0 } device, MfaTokenCodeCallback: null })
                    role.Options.MfaTokenCodeCallback = () => AskCode(device, role.RoleArn);
                AddTo(role.SourceCredentials);
                break;
            case SSOAWSCredentials sso:
                sso.Options.ClientName ??= "dlt";
                sso.Options.SupportsGettingNewToken = isTerminal;
                sso.Options.SsoVerificationCallback = Show;
                break;
        }
    }

    private string AskCode(string device, string role)
    {
        if (!isTerminal)
        {
            throw new ConfigurationException(
                $"The role {role} needs a code of the MFA device {device}, and there is no terminal to ask for it. Nothing was run. "
                + "Run the command in a terminal; or sign in there, and give this program the temporary keys that 'aws configure "
                + "export-credentials --profile PROFILE' prints, as aws_access_key_id, aws_secret_access_key and aws_session_token.");
        }

        output.Write($"Code of the MFA device {device}: ");
        return input.ReadLine()?.Trim() is { Length: > 0 } code ? code : throw new ConfigurationException(
            $"No code of the MFA device {device} was typed, so the login does not work. "
            + "Run again, and type the six digits that the device shows.");
    }

    private void Show(SsoVerificationArguments arguments) => output.WriteLine(
        $"Sign in to AWS in a browser: {arguments.VerificationUriComplete}\n"
        + $"The page {arguments.VerificationUri} asks for the code {arguments.UserCode} if it does not show it.");
}
