# Completion of omny-consume in PowerShell. In $PROFILE: omny-consume completion powershell | Out-String | Invoke-Expression
Register-ArgumentCompleter -Native -CommandName omny-consume -ScriptBlock {
    param($current, $line, $cursor)
    $words = @($line.CommandElements | Select-Object -Skip 1 |
        Where-Object { $_.Extent.EndOffset -lt $cursor } | ForEach-Object { $_.ToString() })
    # An empty last word would not reach the command.
    $last = if ($current) { $current } else { '""' }
    omny-consume complete -- @words $last 2>$null | Where-Object { $_ -notlike ':*' } | ForEach-Object {
        $value, $text = $_ -split "`t", 2
        $tip = if ($text) { $text } else { $value }
        [System.Management.Automation.CompletionResult]::new($value, $value, 'ParameterValue', $tip)
    }
}
